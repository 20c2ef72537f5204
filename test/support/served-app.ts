import type { Server } from 'node:http';
import { expect } from 'vitest';
import { createHttpApp, type HttpOptions } from '../../server/http/http-app.ts';
import { createHttpServer, listen } from '../../server/http/http-server.ts';
import { noCaptures } from './no-captures.ts';
import { noModels } from './no-models.ts';
import { fakePast } from './past-source.ts';
import { fakeSource } from './system-source.ts';

const CONNECTIONS = 100;

/** Serves the routes on a free port of 127.0.0.1, with nothing behind those that `parts` leaves out. The caller closes the server. */
export async function serveApp(
  parts: Partial<HttpOptions> = {},
): Promise<{ readonly server: Server; readonly port: number }> {
  const app = createHttpApp({
    source: fakeSource(),
    captures: noCaptures(),
    models: noModels(),
    past: fakePast(),
    access: { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] },
    client: new URL('file:///nowhere/'),
    logError: (error) => expect.unreachable(String(error)),
    ...parts,
  });
  const server = createHttpServer(app, CONNECTIONS);
  const { port } = await listen(server, '127.0.0.1', 0);
  return { server, port };
}
