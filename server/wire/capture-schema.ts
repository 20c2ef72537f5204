import { z } from 'zod';
import { CAPTURE_CAUSES, CAPTURE_STATES, type CaptureCause, type CaptureReply } from './captures.ts';
import { CAPTURE_ID } from './names.ts';

// `captures.ts` as schemas, which the dashboard has no use for: what a record
// on the disk is held against, and what the API is described with. The
// compiler compares the two.

const count = z.number().min(0);
const real = z.number();
const ms = z.number().describe('ms since 1970 UTC, with fractions');
const text = z.string();

const levels = {
  cell: count.describe('samples a cell of the finest level; each level is ten times coarser'),
  levels: z.array(count).describe('cells of each level, the finest first'),
};

const [person, threshold, ...told] = CAPTURE_CAUSES;

const CauseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal(person), comment: text }),
  z.strictObject({ kind: z.literal(threshold), limit: real, value: real }),
  z.strictObject({ kind: z.enum(told), text }),
]) satisfies z.ZodType<CaptureCause>;

export const CaptureSchema = z.strictObject({
  id: z.string().regex(CAPTURE_ID),
  state: z.enum(CAPTURE_STATES),
  note: text.optional().describe('why it was refused or failed, or what it lacks of what was asked for'),
  channel: text,
  label: text,
  stream: text,
  unit: text,
  datatype: text.describe('of SigMF, such as ri16_le'),
  rateHz: z.number().positive(),
  scale: real,
  offset: real,
  fullScale: z.tuple([real, real]).optional(),
  triggerSample: count,
  triggerMs: ms,
  from: count.describe('what was asked for, samples of the stream'),
  to: count,
  segments: z
    .array(z.strictObject({ start: count, index: count, samples: count, timeMs: ms }))
    .describe('runs of samples without a gap'),
  overtaken: count.describe('samples that were asked for and had left the ring'),
  samples: count,
  bytes: count,
  sha512: text,
  cause: CauseSchema,
  createdMs: ms,
  overview: z.strictObject({
    ...levels,
    figures: z
      .strictObject(levels)
      .optional()
      .describe('levels of mean, m2 and counts, after those of minimum and maximum; earlier recordings have none'),
  }),
}) satisfies z.ZodType<CaptureReply>;
