import type { Server } from 'node:http';
import type { Express, Router } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../../server/http/http-app.ts';
import { closeServer, createHttpServer, listen } from '../../../server/http/http-server.ts';
import { REPLIES } from '../../../server/http/reply-schemas.ts';
import { noCaptures } from '../../support/no-captures.ts';
import { fakePast } from '../../support/past-source.ts';
import { fakeSource } from '../../support/system-source.ts';

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

let app: Express;
let server: Server;
let url: string;

beforeEach(async () => {
  app = createHttpApp({
    source: fakeSource(),
    past: fakePast(),
    captures: noCaptures(),
    access: { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] },
    client: new URL('file:///nowhere/'),
    logError: () => {},
  });
  server = createHttpServer(app, 20);
  const { port } = await listen(server, '127.0.0.1', 0);
  url = `http://127.0.0.1:${port}`;
});

afterEach(() => closeServer(server));

describe('the description of the API', () => {
  it('has every route that there is, and no other', async () => {
    const { paths, openapi } = await readDescription();

    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );

    expect(openapi).toBe('3.1.0');
    expect(described.sort()).toEqual(routesOf(app).sort());
  });

  it('names no schema that it does not have, and has none that it does not name', async () => {
    const description = await readDescription();

    const named = JSON.stringify(description.paths).matchAll(/"#\/components\/schemas\/(\w+)"/g);

    expect([...new Set([...named].map(([, name]) => name))].sort()).toEqual(
      Object.keys(description.components.schemas).sort(),
    );
  });

  it.each([
    ['/healthz', 200],
    ['/api/system', 200],
    ['/api/channels', 200],
    ['/api/channels/lamp/history?from=1&to=2', 200],
    ['/api/channels/lamp/history?from=1', 400],
    ['/api/captures', 200],
    ['/api/captures?limit=0', 400],
    ['/api/captures/none', 404],
  ])('is what %s answers', async (path, status) => {
    const response = await fetch(url + path);

    expect(response.status).toBe(status);
    const reply = REPLIES[await replyName(path, status)].safeParse(await response.json());
    expect(reply.error?.issues).toBeUndefined();
  });
});

// Of the API; the pages of the dashboard are for people.
function routesOf({ router }: Express): string[] {
  return (router as unknown as Router).stack.flatMap(function walk(layer): string[] {
    if (layer.route) {
      const paths = [layer.route.path].flat().map((path) => path.replace(/:(\w+)/g, '{$1}'));
      const methods = new Set(layer.route.stack.map(({ method }) => method));
      return paths
        .filter((path) => /^\/(api\/|healthz|metrics)/.test(path))
        .flatMap((path) => [...methods].map((method) => `${method} ${path}`));
    }
    const { stack } = layer.handle as unknown as Partial<Router>;
    return stack?.flatMap(walk) ?? [];
  });
}

async function replyName(path: string, status: number): Promise<keyof typeof REPLIES> {
  const { paths } = await readDescription();
  const [found] = Object.entries(paths).filter(([name]) =>
    new RegExp(`^${name.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0]!),
  );
  const { schema } = found![1].get!.responses[status]!.content['application/json']!;
  return (schema as { $ref: string }).$ref.split('/').at(-1) as keyof typeof REPLIES;
}

async function readDescription(): Promise<Description> {
  return (await (await fetch(`${url}/api/openapi.json`)).json()) as Description;
}
