import express, { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { AlarmAction } from '../wire/alarm-actions.ts';
import { ALARMS_PAGE } from '../wire/alarms.ts';
import { pageOfAlarms } from './alarm-page.ts';
import type { AlarmSource } from './alarm-source.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import { parseBody, parseRequest } from './parse-request.ts';
import { shown } from './shown.ts';
import { operatorOf } from './who.ts';

const ALARMS_PATH = '/api/alarms';
/** The requests that change something. */
export const ALARM_WRITES: readonly WriteRule[] = [
  { method: 'POST', path: /^\/api\/alarms\/actions$/, needs: 'person' },
];

// Requests in 10 s from one address: a screen acknowledges many alarms in one, and phones may be behind one address.
const ACTION_LIMIT = 200;
// A thousand alarms with tags of full length.
const BODY_LIMIT = '256kb';
const TAG_CHARACTERS = 200;

/** The query of `GET /api/alarms`. */
export const AlarmsQuery = z.strictObject({
  all: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true or false; true also lists those that are simply normal'),
  limit: z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(1).max(ALARMS_PAGE))
    .default(ALARMS_PAGE)
    .describe(`a whole number, 1 to ${ALARMS_PAGE}`),
  after: z
    .string()
    .max(TAG_CHARACTERS)
    .optional()
    .describe('`next` of the page before, empty for the first page; alarms then go by tag'),
});

/** `POST /api/alarms/actions` */
export function alarmActionRoute(source: AlarmSource): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const guards = [requestLimit(ACTION_LIMIT), jsonOnly(), express.json({ limit: BODY_LIMIT, strict: false })];
  router.post(`${ALARMS_PATH}/actions`, ...guards, async (req, res) => {
    const { name, address } = operatorOf(req);
    const reply = await source.act(parseBody(AlarmAction, req.body, 'action on alarms'), { name, address });
    res.set('Cache-Control', 'no-store').json(reply);
  });
  return router;
}

/** The alarms, and one of them. */
export function alarmRoutes(source: AlarmSource): Router {
  const router = Router();

  router.get(ALARMS_PATH, (req, res) => {
    const { all, ...page } = parseRequest(AlarmsQuery, req.query);
    const alarms = all === 'true' ? source.all() : source.standing();
    res.set('Cache-Control', 'no-store').json(pageOfAlarms(alarms, page, source.flood()));
  });

  router.get(`${ALARMS_PATH}/:tag`, (req, res) => {
    const alarm = source.find(req.params.tag);
    if (alarm === undefined) {
      throw new AppError(
        'ALARM_UNKNOWN',
        `no alarm ${shown(req.params.tag)}, expected the tag of one that GET /api/alarms?all=true lists`,
      );
    }
    res.set('Cache-Control', 'no-store').json(alarm);
  });

  return router;
}
