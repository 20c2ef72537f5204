import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { CARD_LANGUAGES } from '../wire/models.ts';
import { CHANNEL_NAME, MODEL_NAME } from '../wire/names.ts';
import { PARITY_RUNS, type ParityRequest } from '../wire/parity.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import type { ModelSource } from './model-source.ts';
import { parseRequest } from './parse-request.ts';
import { shown } from './shown.ts';

const MODELS_PATH = '/api/models';
/** The requests that change something; of what pages found only counts are kept, and every page sends it by itself. */
export const MODEL_WRITES: readonly WriteRule[] = [
  { method: 'POST', path: /^\/api\/models\/[a-z0-9][a-z0-9-]{0,39}\/(?:swap|roll-back)$/, needs: 'operator' },
  { method: 'POST', path: /^\/api\/models\/[a-z0-9][a-z0-9-]{0,39}\/parity$/, needs: 'nothing' },
];

// Requests in 10 s from one address: each tries a model in a thread of its own, one after the other.
const CHANGE_LIMIT = 10;
const BODY_LIMIT = '1kb';
// A page sends what it found every two seconds; many may be behind one address.
const PARITY_LIMIT = 200;
// Runs of 64 classes with 17 digits each.
const PARITY_BODY_LIMIT = '192kb';
// How far a probability may be beyond 0 and 1.
const ROUNDING = 1e-6;
const NAME = '1 to 40 of a-z 0-9 -';

/** The body of `POST /api/models/:name/swap`. */
export const SwapBody = z.strictObject({ folder: z.string().regex(MODEL_NAME).describe(NAME) });

const ParityRun = z.strictObject({
  channel: z.string().regex(CHANNEL_NAME),
  first: z.int().min(0),
  fromNs: z.string().regex(/^-?\d{1,19}$/),
  kind: z.enum(['class', 'unknown', 'unavailable']),
  label: z.string().min(1).max(40).optional(),
  probabilities: z
    .array(
      z
        .number()
        .min(-ROUNDING)
        .max(1 + ROUNDING),
    )
    .max(64),
  unknownScore: z.number().optional(),
});

/** The body of `POST /api/models/:name/parity`. */
export const ParityBody = z.strictObject({
  version: z.string().min(1).max(40).describe('the version of the model, 1 to 40 characters'),
  runs: z
    .array(ParityRun)
    .min(1)
    .max(PARITY_RUNS)
    .refine((runs) => new Set(runs.map(({ channel, first }) => `${channel} ${first}`)).size === runs.length)
    .describe(
      `1 to ${PARITY_RUNS} runs, none twice, of channel, first, fromNs, kind, label, probabilities and unknownScore`,
    ),
}) satisfies z.ZodType<ParityRequest>;

/** The query of `GET /api/models/:name/card`. */
export const CardQuery = z.strictObject({
  language: z
    .enum(CARD_LANGUAGES)
    .default('en')
    .describe(`one of ${CARD_LANGUAGES.join(', ')}; English where it is left out, or where there is no such card`),
});

type Named = Request<{ name: string }>;

/** The list of models, and what lies in the folder of one. */
export function modelRoutes(source: ModelSource): Router {
  const router = Router();

  router.get(MODELS_PATH, async (_req, res) => {
    res.set('Cache-Control', 'no-store').json(await source.list());
  });

  router.get(`${MODELS_PATH}/:name`, async (req: Named, res) => {
    res.set('Cache-Control', 'no-cache').json(await source.manifest(nameOf(req)));
  });

  router.get(
    `${MODELS_PATH}/:name/report`,
    sendPaper((name) => source.report(name)),
  );
  router.get(
    `${MODELS_PATH}/:name/examples`,
    sendPaper((name) => source.examples(name)),
  );

  router.get(`${MODELS_PATH}/:name/card`, async (req: Named, res) => {
    const { language } = parseRequest(CardQuery, req.query);
    const card = await source.card(nameOf(req), language);
    if (card === undefined) sendNone(res);
    else res.set('Cache-Control', 'no-cache').type('text/markdown').send(card);
  });

  router.get(`${MODELS_PATH}/:name/onnx`, async (req: Named, res) => {
    const name = nameOf(req);
    const { bytes, sha256 } = await source.graph(name);
    res
      .set({
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename="${name}.onnx"`,
        'Cache-Control': 'private, no-cache', // another version may be used at any time
        ETag: `"${sha256}"`,
      })
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });

  return router;
}

/** `POST /api/models/:name/swap` and `…/roll-back`, which answer with the list as it is then, and `…/parity`. */
export function modelChangeRoutes(source: ModelSource): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const limit = requestLimit(CHANGE_LIMIT);

  router.post(
    `${MODELS_PATH}/:name/swap`,
    limit,
    jsonOnly(),
    express.json({ limit: BODY_LIMIT, strict: false }),
    async (req: Named, res: Response) => {
      const { folder } = parseRequest(SwapBody, req.body);
      await source.swap(nameOf(req), folder);
      res.set('Cache-Control', 'no-store').json(await source.list());
    },
  );

  router.post(`${MODELS_PATH}/:name/roll-back`, limit, async (req: Named, res: Response) => {
    await source.rollBack(nameOf(req));
    res.set('Cache-Control', 'no-store').json(await source.list());
  });

  router.post(
    `${MODELS_PATH}/:name/parity`,
    requestLimit(PARITY_LIMIT),
    jsonOnly(),
    express.json({ limit: PARITY_BODY_LIMIT, strict: false }),
    (req: Named, res: Response) => {
      const found = source.compare(nameOf(req), parseRequest(ParityBody, req.body));
      res.set('Cache-Control', 'no-store').json(found);
    },
  );

  return router;
}

function sendPaper(read: (name: string) => Promise<object | undefined>): RequestHandler<{ name: string }> {
  return async (req, res) => {
    const paper = await read(nameOf(req));
    if (paper === undefined) sendNone(res);
    else res.set('Cache-Control', 'no-cache').json(paper);
  };
}

/** A model need not have it. */
function sendNone(res: Response): void {
  res.status(204).set('Cache-Control', 'no-cache').end();
}

function nameOf({ params: { name } }: Named): string {
  if (MODEL_NAME.test(name)) return name;
  throw new AppError('MODEL_UNKNOWN', `no model ${shown(name)}, expected the name of one: ${NAME}`);
}
