import express, { type Request, Router } from 'express';
import { AppError } from '../base/errors.ts';
import { DEFINITION_ID } from '../wire/alarm-definitions.ts';
import type { DefinitionReply } from '../wire/definition-replies.ts';
import { DefinitionBody, ImportQuery, RemovalQuery } from './definition-requests.ts';
import type { DefinitionSource } from './definition-source.ts';
import { jsonOnly, requestLimit, type WriteRule } from './guard.ts';
import { parseRequest } from './parse-request.ts';
import { shown } from './shown.ts';
import { operatorOf } from './who.ts';

const PATH = '/api/alarms/definitions';
// What is no identifier is told as a fault of the definition.
const ID = '[^/]+';
/** The requests that change something. */
export const DEFINITION_WRITES: readonly WriteRule[] = [
  { method: 'PUT', path: new RegExp(`^${PATH}/${ID}$`), needs: 'person' },
  { method: 'DELETE', path: new RegExp(`^${PATH}/${ID}$`), needs: 'person' },
  { method: 'POST', path: new RegExp(`^${PATH}/import$`), needs: 'person' },
];
/** What a file of definitions is sent and answered as. */
export const TOML_TYPE = 'application/toml';

// Requests in 10 s from one address; a page asks for the list every few seconds.
const LIMIT = 200;
// All texts at their longest, in characters of three bytes.
const BODY_LIMIT = '64kb';
// As many definitions as there may be, of a few kB each.
const FILE_LIMIT = '16mb';

type Identified = Request<{ id: string }>;

/** The definitions of alarms: read, changed one by one, imported and exported. */
export function definitionRoutes(source: DefinitionSource): Router {
  const router = Router({ strict: true, caseSensitive: true });
  router.use([PATH, `${PATH}.toml`], requestLimit(LIMIT), (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  router.get(PATH, (_req, res) => {
    res.json(source.list());
  });

  router.get(`${PATH}.toml`, (_req, res) => {
    res
      .set({
        'Content-Type': `${TOML_TYPE}; charset=utf-8`,
        'Content-Disposition': 'attachment; filename="alarms.toml"',
      })
      .send(Buffer.from(source.exportFile()));
  });

  router.get(`${PATH}/:id`, (req: Identified, res) => {
    res.json(find(source, idOf(req)));
  });

  router.get(`${PATH}/:id/history`, async (req: Identified, res) => {
    res.json(await source.history(idOf(req)));
  });

  router.post(`${PATH}/import`, express.text({ type: TOML_TYPE, limit: FILE_LIMIT }), async (req, res) => {
    const text: unknown = req.body;
    if (typeof text !== 'string') {
      const found = shown(req.headers['content-type']);
      throw new AppError('REQUEST_INVALID', `a body of type ${found}, expected ${TOML_TYPE}`);
    }
    const order = parseRequest(ImportQuery, req.query);
    res.json(await source.importFile({ ...order, text, by: operatorOf(req).name }));
  });

  router.put(
    `${PATH}/:id`,
    jsonOnly(),
    express.json({ limit: BODY_LIMIT, strict: false }),
    async (req: Identified, res) => {
      const put = parseRequest(DefinitionBody, req.body);
      const { id } = req.params;
      await source.put(id, put, operatorOf(req).name);
      res.json(find(source, id));
    },
  );

  router.delete(`${PATH}/:id`, async (req: Identified, res) => {
    await source.remove(idOf(req), parseRequest(RemovalQuery, req.query), operatorOf(req).name);
    res.status(204).end();
  });

  return router;
}

function find(source: DefinitionSource, id: string): DefinitionReply {
  const found = source.find(id);
  if (found === undefined) throw new AppError('DEFINITION_UNKNOWN', `there is no definition ${id}`);
  return found;
}

function idOf({ params: { id } }: Identified): string {
  if (DEFINITION_ID.test(id)) return id;
  throw new AppError('DEFINITION_UNKNOWN', `no definition ${shown(id)}, expected 1 to 64 of a-z 0-9 . _ -`);
}
