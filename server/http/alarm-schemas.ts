import { z } from 'zod';
import { ACTION_REFUSALS, type ActionReply } from '../wire/alarm-actions.ts';
import type { AlarmFiguresReply } from '../wire/alarm-figures.ts';
import { ALARM_PRIORITIES, type AlarmReply, type AlarmsReply, BASE_STATES, HIDE_REASONS } from '../wire/alarms.ts';
import { OUTPUT_KINDS, type OutputsReply } from '../wire/outputs.ts';
import { DEFINITION_REPLIES } from './definition-schemas.ts';
import { JOURNAL_REPLIES } from './journal-schemas.ts';

// What `reply-schemas.ts` says of alarms.

const count = z.int().min(0);
const ms = z.number().describe('server clock, ms since 1970 UTC');
const text = z.string();
const signature = z.strictObject({ by: text, atMs: ms, comment: text.optional() });

const alarm = z.strictObject({
  tag: text.describe('of its definition and, where that is of channels, the channel'),
  definition: text,
  channel: text.optional(),
  priority: z.enum(ALARM_PRIORITIES),
  state: z.enum(BASE_STATES),
  hidden: z.array(
    z.strictObject({
      reason: z.enum(HIDE_REASONS),
      sinceMs: ms,
      untilMs: ms.optional(),
      by: text.optional(),
      comment: text.optional(),
    }),
  ),
  occurrence: count.describe('how often it came to be unacknowledged'),
  version: count.describe('counts every change'),
  beganNs: text.optional().describe('sample clock, ns since 1970 UTC: where the condition began'),
  raisedMs: ms.optional(),
  clearedMs: ms.optional(),
  finding: z
    .strictObject({ value: z.number().optional(), limit: z.number().optional(), text: text.optional() })
    .optional(),
  acknowledged: signature.optional(),
  comment: signature.optional().describe('the newest'),
  capture: text.optional().describe('identifier of the recording that this occurrence took'),
}) satisfies z.ZodType<AlarmReply>;

const alarms = z.strictObject({
  alarms: z.array(alarm).describe('the most urgent first, or by tag where `after` is given'),
  total: count.describe('of all pages'),
  next: text.optional().describe('`after` of the next page'),
  flood: z
    .strictObject({ sinceMs: ms.optional(), firstOut: text.optional() })
    .describe('empty where there is none: more than ten annunciated in ten minutes, until they are fewer than five'),
}) satisfies z.ZodType<AlarmsReply>;

const actionReply = z.strictObject({
  id: text,
  results: z.array(
    z.strictObject({
      tag: text,
      refusal: z.enum(ACTION_REFUSALS).optional().describe('left out where it was done'),
      alarm: alarm.optional(),
    }),
  ),
}) satisfies z.ZodType<ActionReply>;

const outputs = z.strictObject({
  destinations: z.array(
    z.strictObject({
      name: text,
      kind: z.enum(OUTPUT_KINDS),
      waiting: count,
      oldestSeconds: z.number().min(0).describe('how long the oldest that waits has done so'),
      delivered: count,
      failed: count.describe('tries that failed'),
      refused: count.describe('messages that the destination refuses for what they are, told again every five minutes'),
      givenUp: count.describe(
        'messages that were refused and left out, because a newer one of the same alarm was there, or too many',
      ),
      superseded: count.describe('left out where too many waited, because a newer one of the same alarm did too'),
      dropped: count.describe('left out because too many waited'),
      isFailing: z.boolean().describe('whether nothing has been delivered for 30 s, in three tries or more'),
      problem: text.optional(),
    }),
  ),
  push: z
    .strictObject({
      subscribers: count,
      gone: count.describe('removed because their push service knew them no more'),
      missed: count.describe('notices that single browsers did not get though others did'),
    })
    .optional()
    .describe('browsers that are notified; left out where the settings have no key for it'),
  unstored: count.describe('messages that could not be written when they came'),
  bytes: count,
  damaged: count.describe('records that are gone because their files were damaged'),
  problem: text.optional(),
}) satisfies z.ZodType<OutputsReply>;

export const alarmFigures = z.strictObject({
  watched: count,
  refused: count.describe('alarms that definitions make and that are too many to be watched for'),
  standing: count,
  unacknowledged: count,
  hidden: z.strictObject({ 'out-of-service': count, 'suppressed-by-design': count, shelved: count }),
  annunciated: z.record(z.enum(ALARM_PRIORITIES), count),
  recentlyAnnunciated: count.describe('in the last ten minutes'),
  isFlood: z.boolean().describe('more than ten of them, until fewer than five'),
  remembered: count.describe('annunciations that figures are counted from'),
  crowdedOut: count.describe('those forgotten because too many were remembered'),
  periodsRead: count.describe('periods of long ago whose figures were read from the journal'),
  periodsRefused: count.describe('those that were not, because others were'),
  tables: z
    .strictObject({ reading: count, readsRefused: count, readsCut: count })
    .describe('tables of the journal that are being sent, were refused, and were cut because nobody read them'),
  waitingActions: count,
  capturesFailed: count,
  journal: z.strictObject({
    written: count,
    waiting: count.describe('entries that wait for the disk'),
    lost: count.describe('entries given up because too many waited'),
    bytes: count,
    damaged: count.describe('records that are gone because their files were damaged'),
    problem: text.optional(),
  }),
  outputs,
}) satisfies z.ZodType<AlarmFiguresReply>;

export const ALARM_REPLIES = {
  ...DEFINITION_REPLIES,
  AlarmsReply: alarms,
  AlarmReply: alarm,
  ActionReply: actionReply,
  ...JOURNAL_REPLIES,
} as const;
