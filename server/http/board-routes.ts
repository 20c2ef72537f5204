import express, { type Request, Router } from 'express';
import { AppError } from '../base/errors.ts';
import { BOARD_ID, type BoardsReply } from '../wire/boards.ts';
import { BoardBody, BoardRemoval } from './board-schemas.ts';
import type { BoardSource } from './board-source.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import { parseBody, parseRequest } from './parse-request.ts';
import { shown } from './shown.ts';
import { operatorOf } from './who.ts';

const PATH = '/api/boards';
const ONE = /^\/api\/boards\/[a-z0-9][a-z0-9._-]{0,63}$/;
/** The requests that change something. */
export const BOARD_WRITES: readonly WriteRule[] = [
  { method: 'PUT', path: ONE, needs: 'person' },
  { method: 'DELETE', path: ONE, needs: 'person' },
];

// Requests in 10 s from one address: every wall asks after each change.
const LIMIT = 200;
// All slides with all channels at their longest.
const BODY_LIMIT = '256kb';

type Identified = Request<{ id: string }>;

/** The boards of walls: read, made and removed. */
export function boardRoutes(source: BoardSource): Router {
  const router = Router({ strict: true, caseSensitive: true });
  router.use(PATH, requestLimit(LIMIT), (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  router.get(PATH, (_req, res) => {
    res.json({ boards: source.list() } satisfies BoardsReply);
  });

  router.get(`${PATH}/:id`, (req: Identified, res) => {
    res.json(source.find(idOf(req)));
  });

  router.put(
    `${PATH}/:id`,
    jsonOnly(),
    express.json({ limit: BODY_LIMIT, strict: false }),
    async (req: Identified, res) => {
      res.json(await source.put(idOf(req), parseBody(BoardBody, req.body, 'board'), operatorOf(req).name));
    },
  );

  router.delete(`${PATH}/:id`, async (req: Identified, res) => {
    const { expectedVersion } = parseRequest(BoardRemoval, req.query);
    await source.remove(idOf(req), expectedVersion, operatorOf(req).name);
    res.status(204).end();
  });

  return router;
}

function idOf({ params: { id } }: Identified): string {
  if (BOARD_ID.test(id)) return id;
  throw new AppError('BOARD_UNKNOWN', `no board ${shown(id)}, expected 1 to 64 of a-z 0-9 . _ -`);
}
