import { Router } from 'express';
import type { DiagnosesReply, DiagnosisMixReply, RunDiagnosisReply } from '../wire/diagnosis-history.ts';
import { readDiagnosisQuery, readMixQuery, readMomentQuery, unknownDiagnosis } from './diagnosis-query.ts';
import { toDiagnosesReply, toMixReply, toRunDiagnosisReply } from './diagnosis-reply.ts';
import { abandonment, CHANNELS_PATH, cacheControl, type HistoryRoutesOptions, whenAgain } from './history-routes.ts';

export const DIAGNOSES_PATH = '/api/diagnoses';

/** `GET /api/channels/:channel/diagnoses`, `…/diagnoses/at` and `/api/diagnoses/mix`. */
export function diagnosisRoutes({ history, nowMs }: Pick<HistoryRoutesOptions, 'history' | 'nowMs'>): Router {
  const router = Router();

  router.get(`${CHANNELS_PATH}/:channel/diagnoses`, async (req, res) => {
    const query = readDiagnosisQuery(req.params.channel, req.query);
    const found = await history.diagnoses(query, abandonment(res)).catch(whenAgain(res));
    if (res.destroyed) return;
    res.set('Cache-Control', cacheControl(query, nowMs()));
    res.json(toDiagnosesReply(query, found) satisfies DiagnosesReply);
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
