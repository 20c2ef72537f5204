import { Router } from 'express';
import type { SystemSource } from './system-source.ts';

/** `GET /metrics`, in the Prometheus text format. */
export function metricsRoutes(source: SystemSource): Router {
  const router = Router();

  router.get('/metrics', async (_req, res) => {
    const { METRICS_TYPE, renderMetrics } = await import('./metrics.ts'); // a start does not wait for it
    const text = await renderMetrics(source);
    res.set('Cache-Control', 'no-store').type(METRICS_TYPE).send(text);
  });

  return router;
}
