import express, { Router } from 'express';
import type { SessionReply } from '../wire/session.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import { parseRequest } from './parse-request.ts';
import type { Gate } from './secret-gate.ts';
import { dropToken, keepToken, readToken, renewToken } from './session-cookie.ts';
import { SessionBody } from './session-schemas.ts';
import { personOf } from './who.ts';

const SESSION_PATH = '/api/session';
/** Anybody may ask to be let in, and leave. */
export const SESSION_WRITES: readonly WriteRule[] = [
  { method: 'POST', path: /^\/api\/session$/, needs: 'nothing' },
  { method: 'DELETE', path: /^\/api\/session$/, needs: 'nothing' },
];

// Requests in 10 s from one address, which many may share; how many of them may be wrong guesses is another matter.
const LIMIT = 200;
const BODY_LIMIT = '4kb';

/** Signing in with the operator secret, signing out, and whether one is. */
export function sessionRoutes(gate: Gate): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const replyOf = (isOperator: boolean): SessionReply => ({ isOperator, needsSecret: gate.needsSecret });
  router.use(SESSION_PATH, requestLimit(LIMIT), (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  router.get(SESSION_PATH, (req, res) => {
    renewToken(gate, req, res);
    res.json(replyOf(personOf(req).isOperator));
  });

  router.post(SESSION_PATH, jsonOnly(), express.json({ limit: BODY_LIMIT, strict: false }), async (req, res) => {
    const { secret } = parseRequest(SessionBody, req.body);
    const token = await gate.enter(secret, personOf(req).address);
    if (token !== undefined) keepToken(req, res, token);
    res.json(replyOf(true));
  });

  router.delete(SESSION_PATH, async (req, res) => {
    const token = readToken(req);
    if (token !== undefined) await gate.leave(token);
    dropToken(req, res);
    res.json(replyOf(gate.lets(undefined)));
  });

  return router;
}
