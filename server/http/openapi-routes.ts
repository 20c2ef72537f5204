import { Router } from 'express';

/** `GET /api/openapi.json`: the description of all this, for programs. */
export function openapiRoutes(version: string): Router {
  const router = Router();

  router.get('/api/openapi.json', async (_req, res) => {
    const { describeApi } = await import('./openapi.ts'); // a start does not wait for it
    res.set('Cache-Control', 'no-cache').json(describeApi(version));
  });

  return router;
}
