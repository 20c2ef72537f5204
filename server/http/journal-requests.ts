import { z } from 'zod';
import { ALARM_EVENTS } from '../wire/alarm-journal.ts';
import { KPI_PERIODS } from '../wire/alarm-kpi.ts';
import { type AlarmEntryQuery, JOURNAL_PAGE, JOURNAL_PAGE_LIMIT } from '../wire/alarm-search.ts';
import { ALARM_PRIORITIES, BASE_STATES } from '../wire/alarms.ts';
import { parseRequest } from './parse-request.ts';

// What clients may ask of the journal of alarms.

const CHARACTERS = 200;
const TIME = 'ms since 1970 UTC';
const PATTERN = `1 to ${CHARACTERS} characters, with * for any`;

const ms = z
  .string()
  .trim()
  .min(1)
  .transform(Number)
  .pipe(z.number().min(-8.64e15).max(8.64e15))
  .optional()
  .describe(TIME);
const words = (what: string) => z.string().min(1).max(CHARACTERS).optional().describe(what);
const number = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .pipe(z.int())
  .optional()
  .describe('number of an entry');

const table = {
  from: ms,
  to: ms,
  tag: words(PATTERN),
  channel: words(PATTERN),
  definition: words(PATTERN),
  event: someOf(ALARM_EVENTS),
  state: someOf(BASE_STATES),
  priority: someOf(ALARM_PRIORITIES),
  person: words(`part of a name, 1 to ${CHARACTERS} characters`),
  search: words(`part of a tag, comment, finding or name, 1 to ${CHARACTERS} characters`),
};

/** `GET /api/alarms/journal.csv` */
export const TableQuery = z.strictObject(table);

/** `GET /api/alarms/journal` */
export const JournalQuery = z.strictObject({
  ...table,
  before: number,
  after: number,
  limit: z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(1).max(JOURNAL_PAGE_LIMIT))
    .default(JOURNAL_PAGE)
    .describe(`a whole number, 1 to ${JOURNAL_PAGE_LIMIT}`),
});

/** `GET /api/alarms/kpi` */
export const KpiQuery = z.strictObject({
  period: z.enum(KPI_PERIODS).describe(`one of ${KPI_PERIODS.join(', ')}`),
  at: ms,
});

/** Throws `REQUEST_INVALID`. */
export function readJournalQuery(query: unknown): AlarmEntryQuery {
  const { before, after, limit, ...filter } = parseRequest(JournalQuery, query);
  return { ...toFilter(filter), limit, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** Throws `REQUEST_INVALID`. */
export function readTableQuery(query: unknown): Omit<AlarmEntryQuery, 'limit'> {
  return toFilter(parseRequest(TableQuery, query));
}

function toFilter({ from, to, event, state, priority, search, ...names }: z.output<typeof TableQuery>) {
  const filter = { ...names, fromMs: from, toMs: to, events: event, states: state, priorities: priority, text: search };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function someOf<T extends string>(names: readonly T[]) {
  const name = z.enum(names as readonly [T, ...T[]]);
  return z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(name))
    .optional()
    .describe(`some of ${names.join(', ')}, with commas between`);
}
