import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import type { DiagnosisPage, DiagnosisPageStart } from '../trend/diagnosis-history.ts';
import type { DiagnosesReply, DiagnosisMixReply, RunDiagnosisReply } from '../wire/diagnosis-history.ts';
import {
  readDiagnosisQuery,
  readMixQuery,
  readMomentQuery,
  readRowsQuery,
  unknownDiagnosis,
} from './diagnosis-query.ts';
import { toDiagnosesReply, toMixReply, toRunDiagnosisReply } from './diagnosis-reply.ts';
import { abandonment, CHANNELS_PATH, cacheControl, type HistoryRoutesOptions, whenAgain } from './history-routes.ts';

export const DIAGNOSES_PATH = '/api/diagnoses';

/** Sent of an export at a time: about 1 MB. */
const PAGE_ROWS = 5000;

/** `GET /api/channels/:channel/diagnoses`, `…/diagnoses/rows`, `…/diagnoses/at` and `/api/diagnoses/mix`. */
export function diagnosisRoutes({ history, nowMs }: Pick<HistoryRoutesOptions, 'history' | 'nowMs'>): Router {
  const router = Router();

  router.get(`${CHANNELS_PATH}/:channel/diagnoses`, async (req, res) => {
    const query = readDiagnosisQuery(req.params.channel, req.query);
    const found = await history.diagnoses(query, abandonment(res)).catch(whenAgain(res));
    if (res.destroyed) return;
    res.set('Cache-Control', cacheControl(query, nowMs()));
    res.json(toDiagnosesReply(query, found) satisfies DiagnosesReply);
  });

  router.get(`${CHANNELS_PATH}/:channel/diagnoses/rows`, async (req, res) => {
    const query = readRowsQuery(req.params.channel, req.query);
    const signal = abandonment(res);
    const read = (start: DiagnosisPageStart) => history.diagnosisPage({ ...query, ...start, rows: PAGE_ROWS }, signal);
    const first = await read({ fromNs: query.fromNs, after: undefined }).catch(whenAgain(res));
    if (res.destroyed) return;
    res.set('Cache-Control', 'no-store').attachment(`${query.channel}-diagnoses.csv`).type('text/csv');
    // One that fails on its way is cut off, so that nobody takes it for whole.
    await pipeline(Readable.from(linesOf(first, read)), res).catch(() => res.destroy());
  });

  router.get(`${CHANNELS_PATH}/:channel/diagnoses/at`, async (req, res) => {
    const { channel, timeNs } = readMomentQuery(req.params.channel, req.query);
    const found = await history.diagnosisAt(channel, timeNs, abandonment(res)).catch(whenAgain(res));
    if (res.destroyed) return;
    if (found === undefined) throw unknownDiagnosis(channel);
    res.set('Cache-Control', 'no-store').json(toRunDiagnosisReply(found) satisfies RunDiagnosisReply);
  });

  router.get(`${DIAGNOSES_PATH}/mix`, async (req, res) => {
    const query = readMixQuery(req.query);
    const found = await history.diagnosisMix(query, abandonment(res)).catch(whenAgain(res));
    if (res.destroyed) return;
    res.set('Cache-Control', cacheControl(query, nowMs()));
    res.json(toMixReply(query, found) satisfies DiagnosisMixReply);
  });

  return router;
}

async function* linesOf(
  first: DiagnosisPage,
  read: (start: DiagnosisPageStart) => Promise<DiagnosisPage>,
): AsyncGenerator<string> {
  yield first.header;
  for (let page = first; ; page = await read(page.next)) {
    if (page.lines !== '') yield page.lines;
    if (page.next === undefined) return;
  }
}
