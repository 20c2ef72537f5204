import { z } from 'zod';
import { ALARM_PRIORITIES, SYSTEM_FIGURES, type SystemFigure } from './alarms.ts';

// What a person says of an alarm: the document that is edited, imported,
// exported and kept by version. Schemas first, types from them. The dashboard
// takes the types only.

/** What definitions are called; the first part of a tag. */
export const DEFINITION_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What lies beside the tags of alarms in `/api/alarms/`: no definition is called so, since nobody could ask for its alarm. */
export const RESERVED_IDS: readonly string[] = [
  'actions',
  'definitions',
  'definitions.toml',
  'journal',
  'journal.csv',
  'kpi',
];

/** Which channels: names in which `*` stands for any characters. */
const CHANNEL_PATTERN = /^[A-Za-z0-9._*-]{1,64}$/;

// Without halves of surrogate pairs and U+0000, which no file or message could carry.
const words = (limit: number) =>
  z
    .string()
    .max(limit)
    .regex(/^[^\0\p{Surrogate}]*$/u, 'must be without U+0000 and halves of surrogate pairs');
/** English, and Korean where there is any. `{channel}` and `{label}` stand for the channel's name and label. */
const texts = (limit: number) => z.strictObject({ en: words(limit).min(1), ko: words(limit).min(1).optional() });

const seconds = (limit: number) => z.number().min(0).max(limit);
const deadband = z.number().min(0).default(0).describe('how far a value must come back, in its unit');
/** Present where it held in `n` of the last `m`. */
const ofLast = z
  .strictObject({ n: z.int().min(1).max(1000), m: z.int().min(1).max(1000) })
  .refine(({ n, m }) => n <= m, { message: 'n must not be more than m', params: { fault: 'N_OF_M' } });

const bounds = { above: z.number().optional(), below: z.number().optional() };
const isOneBound = ({ above, below }: { above?: number | undefined; below?: number | undefined }) =>
  (above === undefined) !== (below === undefined);
const oneBound = { message: 'must have above or below, and not both', params: { fault: 'ONE_BOUND' } };

/** A figure of each window passes a limit. */
const Limit = z
  .strictObject({
    kind: z.literal('limit'),
    figure: z.enum(['min', 'max', 'mean', 'deviation']),
    ...bounds,
    deadband,
    ofLast: ofLast.optional(),
  })
  .refine(isOneBound, oneBound);

/** The mean changes faster than so much a second, measured over `overSeconds` of the sample clock. */
const Rate = z
  .strictObject({
    kind: z.literal('rate'),
    ...bounds,
    overSeconds: z.number().min(0.001).max(3600),
    deadband,
  })
  .refine(isOneBound, oneBound);

/** The mean lies outside a reference band: the given one, or the normal band of the channel's settings. */
const Band = z
  .strictObject({
    kind: z.literal('band'),
    low: z.number().optional(),
    high: z.number().optional(),
    deadband,
    ofLast: ofLast.optional(),
  })
  .refine(({ low, high }) => low === undefined || high === undefined || low < high, {
    message: 'low must be below high',
    params: { fault: 'LOW_HIGH' },
  });

/** Runs are diagnosed as one of these classes, with at least so much confidence. */
const DiagnosisIs = z.strictObject({
  kind: z.literal('diagnosis'),
  labels: z.array(words(80).min(1)).min(1).max(32),
  confidence: z.number().min(0).max(1),
  ofLast: ofLast.optional(),
});

/** Runs are none of the model's classes. */
const Unknown = z.strictObject({ kind: z.literal('unknown'), ofLast: ofLast.optional() });

/** No window for so long by the server clock; the longer of 3 s and 3 windows where left out. */
const Stale = z.strictObject({ kind: z.literal('stale'), seconds: z.number().min(0.1).max(86_400).optional() });

/** At least so many samples never arrived, within `overSeconds`. */
const Missing = z.strictObject({
  kind: z.literal('missing'),
  samples: z.int().min(1),
  overSeconds: z.number().min(1).max(3600),
});

/** At least so many samples of a window were at or beyond full scale. */
const Clipped = z.strictObject({
  kind: z.literal('clipped'),
  samples: z.int().min(1),
  ofLast: ofLast.optional(),
});

/** A figure of the server itself passes a limit. */
const System = z
  .strictObject({
    kind: z.literal('system'),
    figure: z.enum(Object.keys(SYSTEM_FIGURES) as [SystemFigure, ...SystemFigure[]]),
    ...bounds,
    deadband,
  })
  .refine(isOneBound, oneBound);

/** A kind that forecasts, plants or devices add joins here, and in the table of `server/alarms/conditions`. */
export const AlarmCondition = z.discriminatedUnion('kind', [
  Limit,
  Rate,
  Band,
  DiagnosisIs,
  Unknown,
  Stale,
  Missing,
  Clipped,
  System,
]);
export type AlarmCondition = z.output<typeof AlarmCondition>;
export type AlarmConditionKind = AlarmCondition['kind'];

const body = {
  title: texts(120).describe('what is wrong, in a few words'),
  cause: texts(600),
  consequence: texts(600).describe('what happens if nobody acts'),
  action: texts(600).describe('what to do'),
  timeToRespondSeconds: z.int().min(1).max(604_800),
  priority: z.enum(ALARM_PRIORITIES),
  condition: AlarmCondition,
  onDelaySeconds: seconds(3600).describe('the condition must last so long before it is an alarm'),
  offDelaySeconds: seconds(3600).describe('it must be over for so long before the alarm clears'),
  latch: z.boolean().describe('stays until reset'),
  autoAcknowledgeReturns: z.boolean().describe('what clears unacknowledged is normal at once'),
  /** A recording from where the condition began. */
  capture: z
    .strictObject({ beforeSeconds: seconds(3600), afterSeconds: seconds(3600) })
    .describe('raw samples are recorded, from so long before the condition began'),
  suppress: z
    .strictObject({
      /** While an alarm of this definition, or of one that inherits from it, is present: of the same channel or of the plant. */
      parent: z.string().regex(DEFINITION_ID).optional(),
      /** While no device is connected to the channel. */
      whileOff: z.boolean().optional(),
    })
    .describe('hidden by design'),
};

/**
 * A definition as it is kept. One with channels makes an alarm of every channel
 * that a pattern fits; one of a system figure has none and makes one alarm.
 *
 * It takes what it leaves out from the definition it inherits from; a channel
 * that both name has the alarm of the one that inherits only. One that names no
 * channel, and is of no system figure, is a template. `capture = false` takes no
 * recording where one would be inherited.
 */
export const AlarmDefinition = z.strictObject({
  id: z.string().regex(DEFINITION_ID, 'must be 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit'),
  inherits: z.string().regex(DEFINITION_ID).optional(),
  channels: z
    .array(z.string().regex(CHANNEL_PATTERN, 'must be a channel name, with * for any characters'))
    .max(256)
    .default([]),
  ...z.strictObject(body).partial().shape,
  capture: z.union([body.capture, z.literal(false)]).optional(),
});
export type AlarmDefinition = z.output<typeof AlarmDefinition>;

/** A definition with everything it inherits, and defaults for what none of them says. */
export const WholeDefinition = z.strictObject({
  id: AlarmDefinition.shape.id,
  inherits: AlarmDefinition.shape.inherits,
  channels: AlarmDefinition.shape.channels,
  ...body,
  onDelaySeconds: body.onDelaySeconds.default(0),
  offDelaySeconds: body.offDelaySeconds.default(0),
  latch: body.latch.default(false),
  autoAcknowledgeReturns: body.autoAcknowledgeReturns.default(false),
  capture: body.capture.optional(),
  suppress: body.suppress.optional(),
});
export type WholeDefinition = z.output<typeof WholeDefinition>;

/** Definitions that alarms name, whole: each before the first alarm that names it, and when it has changed. Those told before stay. */
export interface AlarmDefinitions {
  readonly type: 'alarm-definitions';
  readonly definitions: readonly Omit<WholeDefinition, 'inherits' | 'channels'>[];
}

/** How many definitions there may be. */
export const DEFINITION_LIMIT = 2000;
