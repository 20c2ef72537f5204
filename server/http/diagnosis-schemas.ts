import { z } from 'zod';
import type { DiagnosesReply, DiagnosisMixReply, RunDiagnosisReply } from '../wire/diagnosis-history.ts';
import { MODEL_FAULT_CODES } from '../wire/model-fault.ts';
import type { ParityReply, ParityTotals } from '../wire/parity.ts';

// The shapes of `server/wire/diagnosis-history.ts` and `parity.ts` as schemas: see `reply-schemas.ts`.

const count = z.int().min(0);
const ms = z.number().describe('ms since 1970 UTC, with fractions');
const text = z.string();
const share = z.number().min(0).max(1);

const kind = {
  model: text,
  version: text,
  outcome: z.enum(['class', 'unknown', 'incomplete', 'unavailable', 'dropped']),
  label: text.optional().describe('of the class that is told, by probability times weight'),
  classIndex: count.optional(),
};
const figures = {
  kind: count.describe('place in kinds'),
  count,
  lowest: share.optional().describe('probability of the class'),
  highest: share.optional(),
  unknownScore: z.number().optional().describe('the highest'),
};
const range = { channel: text, fromMs: ms, toMs: ms, kinds: z.array(z.strictObject(kind)) };

export const diagnoses = z.discriminatedUnion('form', [
  z.strictObject({
    ...{ ...range, form: z.literal('spans') },
    spans: z.array(z.strictObject({ fromMs: ms, toMs: ms, ...figures })),
  }),
  z.strictObject({
    ...{ ...range, form: z.literal('buckets'), stepMs: z.number() },
    buckets: z.array(z.strictObject({ fromMs: ms, figures: z.array(z.strictObject(figures)) })),
  }),
]) satisfies z.ZodType<DiagnosesReply>;

export const fault = z
  .strictObject({
    code: z.enum(MODEL_FAULT_CODES),
    ...{ found: text.optional(), expected: text.optional() },
    detail: text.optional().describe('free text: of the runtime or the network, or what an output is called'),
  })
  .optional()
  .describe('why a model gave no answer, or is not used, as a code; left out where the words are free text');

export const runDiagnosis = z.strictObject({
  ...{ channel: text, stream: text },
  window: count.describe('index of the first window of the run'),
  windows: count,
  ...{ timeMs: ms, endMs: ms, sinceMs: ms.describe('where the stretch begins that it newly covers'), ...kind },
  probabilities: z.array(share).optional().describe('in the order of the classes of the model'),
  unknownScore: z.number().optional(),
  reason: text.optional().describe('why there is no answer'),
  lack: z
    .strictObject({ missing: count, flagged: count, empty: count, isEnded: z.boolean() })
    .optional()
    .describe(
      'what an incomplete run lacks: points that never came, have a flag, or no finite sample; whether the stream ended',
    ),
  fault,
  latencyMs: z.number().describe('from the arrival of its last sample to the diagnosis'),
}) satisfies z.ZodType<RunDiagnosisReply>;

export const diagnosisMix = z.strictObject({
  ...{ fromMs: ms, toMs: ms },
  counts: z.array(z.strictObject({ channel: text, ...kind, count })),
}) satisfies z.ZodType<DiagnosisMixReply>;

export const parity = z.strictObject({
  runs: count,
  different: count,
  greatest: z.number(),
  sinceMs: ms,
}) satisfies z.ZodType<ParityTotals>;

export const parityReply = z.strictObject({
  compared: count.describe('runs that both have looked at'),
  different: count.describe('those that came to something else, or differ by more than 1e-5'),
  greatest: z.number(),
}) satisfies z.ZodType<ParityReply>;
