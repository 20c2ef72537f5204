import { Router } from 'express';
import type { HealthReply } from '../wire/rest.ts';
import type { SystemSource } from './system-source.ts';

/** `GET /healthz`: 200 while every part works, else 503 with the reasons. */
export function healthRoutes(source: SystemSource): Router {
  const router = Router();

  router.get('/healthz', (_req, res) => {
    const problems = source.problems();
    res
      .status(problems.length === 0 ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ok: problems.length === 0, problems } satisfies HealthReply);
  });

  return router;
}
