import { JournalQuery, KpiQuery, TableQuery } from './journal-requests.ts';
import { fromSchema, json, type Operation, UNCHANGED } from './openapi-parts.ts';

/** What the schema of a query does not say. */
const MEANINGS = {
  from: 'Server clock.',
  to: 'Not included.',
  tag: 'Capitals do not matter.',
  before: 'Only entries with a smaller number: `before` of the page before.',
  after: 'Only entries with a greater one: `newest` of the last answer, to follow; some come again.',
  at: 'A moment of the period; now where it is left out.',
};

/** The operations of the journal of alarms, by path and method. */
export function listJournalOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const errors = ['REQUEST_INVALID', 'RATE_LIMITED', 'JOURNAL_BUSY', 'STORAGE_FAILED'] as const;
  return {
    '/api/alarms/journal': {
      get: {
        summary: 'Entries of the journal of alarms, the newest first.',
        parameters: fromSchema(JournalQuery, MEANINGS),
        answers: { 200: json('AlarmJournalReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', 'RATE_LIMITED', 'STORAGE_FAILED'],
      },
    },
    '/api/alarms/journal.csv': {
      get: {
        summary: 'All of them, the oldest first, as a table for spreadsheets and databases.',
        parameters: fromSchema(TableQuery, MEANINGS),
        answers: { 200: { 'text/csv': { schema: { type: 'string' } } } },
        errors,
      },
    },
    '/api/alarms/kpi': {
      get: {
        summary: 'Figures of how alarms do in an hour, a shift or a day of the plant, after ISA-18.2 and IEC 62682.',
        parameters: fromSchema(KpiQuery, MEANINGS),
        answers: { 200: json('AlarmKpiReply'), ...UNCHANGED },
        errors,
      },
    },
  };
}
