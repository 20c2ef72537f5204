import express, { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { AlarmAction } from '../wire/alarm-actions.ts';
import { ALARM_PRIORITIES, type AlarmReply, type AlarmsReply, isPresent, isUnacknowledged } from '../wire/alarms.ts';
import type { AlarmSource } from './alarm-source.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import { parseRequest } from './parse-request.ts';
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
/** Faults of a body that are told. */
const TOLD_FAULTS = 10;

/** The query of `GET /api/alarms`. */
export const AlarmsQuery = z.strictObject({
  all: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true or false; true also lists those that are simply normal'),
});

/** `POST /api/alarms/actions` */
export function alarmActionRoute(source: AlarmSource): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const guards = [requestLimit(ACTION_LIMIT), jsonOnly(), express.json({ limit: BODY_LIMIT, strict: false })];
  router.post(`${ALARMS_PATH}/actions`, ...guards, async (req, res) => {
    const { name, address } = operatorOf(req);
    const reply = await source.act(parseAction(req.body), { name, address });
    res.set('Cache-Control', 'no-store').json(reply);
  });
  return router;
}

/** The alarms, and one of them. */
export function alarmRoutes(source: AlarmSource): Router {
  const router = Router();

  router.get(ALARMS_PATH, (req, res) => {
    const { all } = parseRequest(AlarmsQuery, req.query);
    const alarms = [...(all === 'true' ? source.all() : source.standing())].sort(byUrgency);
    res.set('Cache-Control', 'no-store').json({ alarms, flood: source.flood() } satisfies AlarmsReply);
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

function parseAction(body: unknown): AlarmAction {
  const result = AlarmAction.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, TOLD_FAULTS).map(({ path, message }) => {
    return `${path.length === 0 ? 'the action' : path.join('.')}: ${message}`;
  });
  throw new AppError('REQUEST_INVALID', `no action on alarms: ${faults.join('; ')}`);
}

/** What somebody must look at first: shown before hidden, there before gone, not acknowledged before acknowledged, by priority, the newest. */
function byUrgency(a: AlarmReply, b: AlarmReply): number {
  return (
    a.hidden.length - b.hidden.length ||
    Number(isUnacknowledged(b.state)) - Number(isUnacknowledged(a.state)) ||
    Number(isPresent(b.state)) - Number(isPresent(a.state)) ||
    ALARM_PRIORITIES.indexOf(a.priority) - ALARM_PRIORITIES.indexOf(b.priority) ||
    (b.raisedMs ?? 0) - (a.raisedMs ?? 0) ||
    (a.tag < b.tag ? -1 : 1)
  );
}
