import { Router } from 'express';
import { describeApi } from './openapi.ts';

/** `GET /api/openapi.json`: the description of all this, for programs. */
export function openapiRoutes(version: string): Router {
  const router = Router();
  const document = describeApi(version);

  router.get('/api/openapi.json', (_req, res) => {
    res.set('Cache-Control', 'no-cache').json(document);
  });

  return router;
}
