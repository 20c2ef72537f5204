import { Router } from 'express';
import { Registry } from 'prom-client';
import { renderMetrics } from './metrics.ts';
import type { SystemSource } from './system-source.ts';

/** `GET /metrics`, in the Prometheus text format. */
export function metricsRoutes(source: SystemSource): Router {
  const router = Router();

  router.get('/metrics', async (_req, res) => {
    const text = await renderMetrics(source);
    res.set('Cache-Control', 'no-store').type(Registry.PROMETHEUS_CONTENT_TYPE).send(text);
  });

  return router;
}
