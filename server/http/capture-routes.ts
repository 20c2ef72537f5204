import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { AppError } from '../base/errors.ts';
import type { CaptureReply, CaptureRequest } from '../wire/captures.ts';
import { CaptureBody, CaptureQuery, DownloadQuery } from './capture-requests.ts';
import type { CaptureSource } from './capture-source.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import { parseRequest } from './parse-request.ts';

const CAPTURES_PATH = '/api/captures';
/** The requests that change something. */
export const CAPTURE_WRITES: readonly WriteRule[] = [
  { method: 'POST', path: /^\/api\/captures$/, needs: 'operator' },
  { method: 'DELETE', path: /^\/api\/captures\/[a-z0-9-]{1,64}$/, needs: 'operator' },
];

// Requests in 10 s from one address: a person begins few recordings, a viewer that zooms reads many ranges.
const BEGIN_LIMIT = 30;
const RANGE_LIMIT = 2000;
const BODY_LIMIT = '16kb';
// The samples under an identifier never change, once it is known that they are those of the identifier.
const FOREVER = 'private, max-age=31536000, immutable';
const UNCHECKED = 'no-store';
/** Files of a recording that are sent as they are, and what they hold. */
const FILE_TYPES = { data: 'application/octet-stream', overview: 'application/octet-stream', meta: 'application/json' };

/** `POST /api/captures` and `DELETE /api/captures/:id`. */
export function captureOrderRoute(source: CaptureSource): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const guards = [requestLimit(BEGIN_LIMIT), jsonOnly(), express.json({ limit: BODY_LIMIT, strict: false })];
  router.post(CAPTURES_PATH, ...guards, async (req, res) => {
    const request = parseRequest(CaptureBody, req.body) as CaptureRequest; // what is left out is not there
    const capture = await source.begin(request);
    res.status(201).set('Cache-Control', 'no-store').set('Location', `${CAPTURES_PATH}/${capture.id}`).json(capture);
  });
  router.delete(`${CAPTURES_PATH}/:id`, requestLimit(BEGIN_LIMIT), async (req: Request<{ id: string }>, res) => {
    await source.remove(findCapture(source, req.params.id));
    res.status(204).set('Cache-Control', 'no-store').end();
  });
  return router;
}

/** Samples, overviews and SigMF metadata of recordings, whole or by ranges. */
export function captureFileRoutes(source: CaptureSource): Router {
  const router = Router();
  const guards = [requestLimit(RANGE_LIMIT), source.reads.guard()];
  router.get(`${CAPTURES_PATH}/:id/data`, guards, sendRange(source, 'data'));
  router.get(`${CAPTURES_PATH}/:id/overview`, guards, sendRange(source, 'overview'));
  router.get(`${CAPTURES_PATH}/:id/meta`, guards, sendRange(source, 'meta'));
  return router;
}

/** The list of recordings, one of them, and its downloads. */
export function captureRoutes(source: CaptureSource): Router {
  const router = Router();

  router.get(CAPTURES_PATH, (req, res) => {
    res.set('Cache-Control', 'no-store').json(source.query(parseRequest(CaptureQuery, req.query)));
  });

  router.get(`${CAPTURES_PATH}/:id`, (req, res) => {
    res.set('Cache-Control', 'no-store').json(findCapture(source, req.params.id));
  });

  router.get(`${CAPTURES_PATH}/:id/download`, source.reads.guard(), async (req: Request<{ id: string }>, res) => {
    const { as } = parseRequest(DownloadQuery, req.query);
    const capture = readyCapture(source, req.params.id);
    await source.isSound(capture, { isWhole: true });
    const { name, type, bytes, content } = await source.download(capture, as);
    describeFile(res, name).set({ 'Content-Type': type, 'Content-Length': String(bytes) });
    if (req.method === 'HEAD') {
      content.destroy();
      return void res.end();
    }
    await pipeline(content, res).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // the client has gone
    });
  });

  return router;
}

function sendRange(source: CaptureSource, kind: keyof typeof FILE_TYPES): RequestHandler<{ id: string }> {
  return async (req, res, next) => {
    const capture = readyCapture(source, req.params.id);
    const isSound = await source.isSound(capture);
    const path = source.files(capture.id)[kind];
    describeFile(res, basename(path)).set({
      'Content-Type': FILE_TYPES[kind],
      'Cache-Control': isSound ? FOREVER : UNCHECKED,
      ETag: `"${kind}-${capture.sha512.slice(0, 32)}"`,
    });
    const options = { root: dirname(path), dotfiles: 'allow', cacheControl: false, lastModified: false } as const;
    res.sendFile(basename(path), options, (error?: NodeJS.ErrnoException & { headers?: Record<string, string> }) => {
      if (!error || error.code === 'ECONNABORTED') return;
      if (!res.headersSent) for (const name of ['ETag', 'Content-Disposition', 'Content-Type']) res.removeHeader(name);
      if (!res.headersSent) res.set(error.headers ?? {}); // the size of what was asked a range of
      next(error);
    });
  };
}

// The name is made by the server: an identifier and an ending.
function describeFile(res: Response, name: string): Response {
  return res.set('Content-Disposition', `attachment; filename="${name}"`);
}

function readyCapture(source: CaptureSource, id: string): CaptureReply {
  const capture = findCapture(source, id);
  if (capture.state === 'ready') return capture;
  if (capture.state === 'failed' && capture.bytes > 0)
    throw new AppError(
      'CAPTURE_DAMAGED',
      `the recording ${capture.id} is not served: ${capture.note ?? 'it is damaged'}`,
    );
  throw new AppError('CAPTURE_UNKNOWN', `the recording ${capture.id} has no samples: it is ${capture.state}`);
}

function findCapture(source: CaptureSource, id: string): CaptureReply {
  const capture = source.find(id);
  if (capture === undefined)
    throw new AppError(
      'CAPTURE_UNKNOWN',
      `no recording ${JSON.stringify(id.slice(0, 60))}, expected the id of one that GET /api/captures lists`,
    );
  return capture;
}
