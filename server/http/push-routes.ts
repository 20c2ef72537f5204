import express, { Router } from 'express';
import type { PushReply, SubscriberReply } from '../wire/push.ts';
import { browserName } from './browser-name.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import { parseRequest } from './parse-request.ts';
import { PushBody } from './push-schemas.ts';
import type { PushSource } from './push-source.ts';
import { operatorOf } from './who.ts';

const PATH = '/api/push';
const SUBSCRIBERS = `${PATH}/subscribers`;
/** The requests that change something. */
export const PUSH_WRITES: readonly WriteRule[] = [
  { method: 'POST', path: /^\/api\/push\/subscribers$/, needs: 'person' },
  { method: 'DELETE', path: /^\/api\/push\/subscribers\/[^/]+$/, needs: 'person' },
];

// Requests in 10 s from one address.
const LIMIT = 100;
const BODY_LIMIT = '8kb';

/** Who is notified of alarms by Web Push: listed, added and removed. */
export function pushRoutes(source: PushSource): Router {
  const router = Router({ strict: true, caseSensitive: true });
  router.use(PATH, requestLimit(LIMIT), (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  router.get(PATH, (_req, res) => {
    res.json(source.list() satisfies PushReply);
  });

  router.post(SUBSCRIBERS, jsonOnly(), express.json({ limit: BODY_LIMIT, strict: false }), async (req, res) => {
    const order = parseRequest(PushBody, req.body);
    const added = await source.add(order, operatorOf(req).name, browserName(req.get('User-Agent')));
    res.json(added satisfies SubscriberReply);
  });

  router.delete(`${SUBSCRIBERS}/:id`, async (req, res) => {
    await source.remove(req.params.id, operatorOf(req).name);
    res.status(204).end();
  });

  return router;
}
