import { z } from 'zod';
import { ACTION_ALARMS, type AlarmReply, SHELVE_LIMIT_SECONDS } from './alarms.ts';
import { withoutUnseen } from './unseen.ts';

// What people do about alarms: `POST /api/alarms/actions`. Schemas first,
// types from them. The dashboard takes the types only.

const words = z
  .string()
  .overwrite(withoutUnseen)
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\0\p{Surrogate}]*$/u, 'must be without U+0000 and halves of surrogate pairs');

/** What the person saw of an alarm. */
const Seen = z.strictObject({
  tag: z.string().min(1).max(129),
  occurrence: z.int().min(0),
  version: z.int().min(0),
});
export type SeenAlarm = z.output<typeof Seen>;

const common = {
  /** Made by the client, kept while the action waits to be sent: told twice, it is done once and answered the same. */
  id: z.uuid(),
  alarms: z
    .array(Seen)
    .min(1)
    .max(ACTION_ALARMS)
    .refine((alarms) => new Set(alarms.map(({ tag }) => tag)).size === alarms.length, {
      message: 'must name each alarm once',
    }),
};

export const AlarmAction = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.enum(['acknowledge', 'reset', 'unshelve', 'in-service']),
    ...common,
    comment: words.optional(),
  }),
  z.strictObject({
    action: z.literal('shelve'),
    ...common,
    comment: words.describe('why'),
    until: z.union([
      z.strictObject({ seconds: z.number().min(60).max(SHELVE_LIMIT_SECONDS) }),
      z.literal('end-of-shift'),
    ]),
  }),
  z.strictObject({ action: z.literal('out-of-service'), ...common, comment: words.describe('why') }),
  z.strictObject({ action: z.literal('comment'), ...common, comment: words }),
]);
export type AlarmAction = z.output<typeof AlarmAction>;

/**
 * Why an action was not done to an alarm:
 *
 *     ALARM_UNKNOWN      there is none of that tag
 *     ALARM_NEWER        it has occurred again since: another occurrence than the person saw
 *     ALARM_UNSEEN       a version that there has never been
 *     ALARM_STATE        its state does not allow it, such as a reset before the acknowledgement
 *     ALARM_UNCHANGED    that was so already: somebody else was quicker
 */
export const ACTION_REFUSALS = [
  'ALARM_UNKNOWN',
  'ALARM_NEWER',
  'ALARM_UNSEEN',
  'ALARM_STATE',
  'ALARM_UNCHANGED',
] as const;
export type ActionRefusal = (typeof ACTION_REFUSALS)[number];

export interface ActionResult {
  readonly tag: string;
  /** Left out where it was done. */
  readonly refusal?: ActionRefusal;
  /** As it is now; left out where there is none of that tag. */
  readonly alarm?: AlarmReply;
}

/** The answer, when all of it is in the journal, on the disk. One result for each alarm, in the order they were named. */
export interface ActionReply {
  readonly id: string;
  readonly results: readonly ActionResult[];
}
