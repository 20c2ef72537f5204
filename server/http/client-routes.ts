import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';

/** Paths that the dashboard shows by itself: all get the same page. */
const PAGES = ['/', '/channels', '/channels/:id', '/system'];

/**
 * The built dashboard in `folder`. Files under `assets/` carry their hash in
 * their name, so they are kept for good; the page itself is asked for again
 * every time, so that a new version is seen at once.
 */
export function clientRoutes(folder: URL): Router {
  const router = Router();
  const root = fileURLToPath(folder);

  router.get(PAGES, (_req, res) => {
    res.set('Cache-Control', 'no-cache').sendFile('index.html', { root, cacheControl: false });
  });
  router.use('/assets', express.static(`${root}assets`, { immutable: true, maxAge: '1y', ...PLAIN }));
  router.use(express.static(root, { cacheControl: false, setHeaders: revalidate, ...PLAIN }));

  return router;
}

const PLAIN = { index: false, redirect: false, dotfiles: 'ignore' } as const;

function revalidate(res: { setHeader(name: string, value: string): void }): void {
  res.setHeader('Cache-Control', 'no-cache');
}
