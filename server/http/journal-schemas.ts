import { z } from 'zod';
import { ALARM_EVENTS, type AlarmEntry } from '../wire/alarm-journal.ts';
import { type AlarmKpiReply, KPI_PERIODS } from '../wire/alarm-kpi.ts';
import type { AlarmJournalReply } from '../wire/alarm-search.ts';
import { ALARM_PRIORITIES, BASE_STATES, HIDE_REASONS } from '../wire/alarms.ts';

const text = z.string();
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const ms = z.number().describe('ms since 1970 UTC, server clock');
const ns = text.describe('ns since 1970 UTC, sample clock, decimal');
const priority = z.enum(ALARM_PRIORITIES);

const entry = z.strictObject({
  number: z.int().min(1),
  event: z.enum(ALARM_EVENTS),
  tag: text,
  definition: text,
  channel: text.optional(),
  priority,
  state: z.enum(BASE_STATES),
  hidden: z.array(z.enum(HIDE_REASONS)),
  occurrence: count,
  version: count,
  isAnnunciated: z.boolean(),
  atMs: ms,
  atNs: ns.optional(),
  beganNs: ns.optional(),
  finding: z
    .strictObject({ value: z.number().optional(), limit: z.number().optional(), text: text.optional() })
    .optional(),
  actor: z.strictObject({ name: text, address: text }).optional(),
  comment: text.optional(),
  untilMs: ms.optional(),
  capture: text.optional(),
  action: text.optional(),
}) satisfies z.ZodType<AlarmEntry>;

const alarmJournal = z.strictObject({
  entries: z.array(entry).describe('the newest first'),
  before: count.optional().describe('where to go on; left out where all was looked at'),
  searchedToMs: ms.optional().describe('time of the oldest entry looked at, where there was no time for more'),
  newest: count.describe('all entries up to this number are there'),
}) satisfies z.ZodType<AlarmJournalReply>;

const alarm = { tag: text, definition: text, channel: text.optional(), priority };
const list = <Shape extends z.core.$ZodLooseShape>(more: Shape) =>
  z.strictObject({ total: count, alarms: z.array(z.strictObject({ ...alarm, ...more })) });

const alarmKpi = z.strictObject({
  period: z.enum(KPI_PERIODS),
  beginMs: ms,
  endMs: ms,
  untilMs: ms,
  knownFromMs: ms.optional().describe('what was before is not counted'),
  annunciated: count,
  recent: count.describe('in the last ten minutes'),
  rate: z.number().min(0).optional().describe('mean of ten minutes'),
  series: z.array(count).describe('by ten minutes'),
  peak: count.describe('most in ten minutes'),
  flood: z.strictObject({
    share,
    total: count,
    floods: z.array(
      z.strictObject({ beginMs: ms, endMs: ms.optional(), peak: count, firstOut: z.strictObject(alarm) }),
    ),
  }),
  chattering: list({ peak: count, count }),
  fleeting: list({ count }),
  stale: list({ sinceMs: ms, goneMs: ms.optional() }),
  actors: list({ count, share, cumulative: share }),
  topTenShare: share.optional(),
  priorities: z.record(priority, count),
  acknowledge: z.strictObject({
    acknowledged: count,
    waiting: count,
    medianMs: z.number().optional(),
    p90Ms: z.number().optional(),
  }),
}) satisfies z.ZodType<AlarmKpiReply>;

export const JOURNAL_REPLIES = { AlarmJournalReply: alarmJournal, AlarmKpiReply: alarmKpi } as const;
