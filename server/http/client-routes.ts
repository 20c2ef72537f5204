import { fileURLToPath } from 'node:url';
import express, { type Request, type Response, Router } from 'express';

/** Paths that the dashboard shows by itself: all get the same page, but for the alarms, which a phone has fast, and walls. */
const PAGES = [
  '/',
  '/channels',
  '/channels/:id',
  '/captures',
  '/captures/:id',
  '/models',
  '/alarms/journal',
  '/alarms/kpi',
  '/alarms/settings',
  '/wall/edit',
  '/system',
];

/**
 * The built dashboard in `folder`. Files under `assets/` carry their hash in
 * their name, so they are kept for good; the page itself is asked for again
 * every time, so that a new version is seen at once. A person who asks for
 * what is not there gets the page as well, which says so in their language.
 */
export function clientRoutes(folder: URL): Router {
  const router = Router();
  const root = fileURLToPath(folder);

  const sendPage = (res: Response, page = 'index.html') =>
    res.sendFile(page, { root, cacheControl: false, acceptRanges: false });

  router.get(PAGES, (_req, res) => sendPage(res.set('Cache-Control', 'no-cache')));
  router.get('/wall', (_req, res) => sendPage(res.set('Cache-Control', 'no-cache'), 'wall.html'));
  router.get('/alarms', (_req, res) => sendPage(res.set('Cache-Control', 'no-cache'), 'alarms.html'));
  router.use('/assets', express.static(`${root}assets`, { immutable: true, maxAge: '1y', ...PLAIN }));
  router.use(express.static(root, { cacheControl: false, setHeaders: revalidate, ...PLAIN }));
  router.use((req, res, next) => {
    if (isByPerson(req)) sendPage(res.status(404).set('Cache-Control', 'no-store'));
    else next();
  });

  return router;
}

// Scripts, styles and programs ask for anything; only a browser's address bar prefers HTML.
function isByPerson(req: Request): boolean {
  return !req.path.startsWith('/api/') && req.accepts(['json', 'html']) === 'html';
}

const PLAIN = { index: false, redirect: false, dotfiles: 'ignore' } as const;

function revalidate(res: { setHeader(name: string, value: string): void }): void {
  res.setHeader('Cache-Control', 'no-cache');
}
