import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { AppError } from '../base/errors.ts';
import type { AlarmKpiReply } from '../wire/alarm-kpi.ts';
import type { AlarmJournalReply } from '../wire/alarm-search.ts';
import { abandonment, whenAgain } from './history-routes.ts';
import { KpiQuery, readJournalQuery, readTableQuery } from './journal-requests.ts';
import type { JournalSource } from './journal-source.ts';
import { OpenReads } from './open-reads.ts';
import { parseRequest } from './parse-request.ts';

export interface JournalRoutesOptions {
  readonly journal: JournalSource;
  /** Server clock, ms since 1970 UTC. */
  readonly nowMs: () => number;
}

/** Tables that are sent at a time, and to one address: each reads the whole journal. */
const TABLES = 4;
const TABLES_OF_ADDRESS = 1;

/** Bounds the tables that are sent. */
export function openTables(): OpenReads {
  const busy = (reading: number, limit: number) =>
    new AppError('JOURNAL_BUSY', `${reading} tables of the journal are being sent, allowed are ${limit} at a time`);
  return new OpenReads({ limit: TABLES, limitOfAddress: TABLES_OF_ADDRESS, busy });
}

/** `GET /api/alarms/journal`, `…/journal.csv` and `/api/alarms/kpi`. */
export function journalRoutes({ journal, nowMs }: JournalRoutesOptions): Router {
  const router = Router();

  router.get('/api/alarms/journal', async (req, res) => {
    const reply = await journal.search(readJournalQuery(req.query), abandonment(res)).catch(whenAgain(res));
    if (!res.destroyed) res.set('Cache-Control', 'no-store').json(reply satisfies AlarmJournalReply);
  });

  router.get('/api/alarms/journal.csv', journal.tables.guard(), async (req, res) => {
    const filter = readTableQuery(req.query);
    const pieces = journal.csv(filter, abandonment(res))[Symbol.asyncIterator]();
    const first = await pieces.next().catch(whenAgain(res)); // fails before anything is sent
    if (res.destroyed) return;
    res.set('Cache-Control', 'no-store').attachment('alarms.csv').type('text/csv');
    // One that fails on its way is cut off, so that nobody takes it for whole.
    await pipeline(Readable.from(withFirst(first, pieces)), res).catch(() => res.destroy());
  });

  router.get('/api/alarms/kpi', async (req, res) => {
    const { period, at = nowMs() } = parseRequest(KpiQuery, req.query);
    const reply = await journal.kpi(period, at).catch(whenAgain(res));
    res.set('Cache-Control', 'no-store').json(reply satisfies AlarmKpiReply);
  });

  return router;
}

async function* withFirst(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    for (let piece = first; piece.done !== true; piece = await rest.next()) yield piece.value;
  } finally {
    await rest.return?.(); // who reads may have gone
  }
}
