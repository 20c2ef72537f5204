import type { RequestListener, Server } from 'node:http';
import { expect } from 'vitest';
import { createHttpApp, type HttpOptions } from '../../server/http/http-app.ts';
import { createHttpServer, listen } from '../../server/http/http-server.ts';
import { journalOf } from './alarm-records.ts';
import { memoryBoards } from './memory-boards.ts';
import { memoryPush } from './memory-push.ts';
import { noAlarms } from './no-alarms.ts';
import { noCaptures } from './no-captures.ts';
import { noDefinitions } from './no-definitions.ts';
import { noModels } from './no-models.ts';
import { openGate } from './open-gate.ts';
import { fakePast } from './past-source.ts';
import { fakeSource } from './system-source.ts';

const CONNECTIONS = 100;

/** What is behind the routes: nothing, but for `parts`. */
export async function appOptions(parts: Partial<HttpOptions> = {}): Promise<HttpOptions> {
  return {
    source: fakeSource(),
    captures: noCaptures(),
    models: noModels(),
    alarms: noAlarms(),
    journal: journalOf([]),
    definitions: noDefinitions(),
    boards: memoryBoards(),
    push: memoryPush(),
    past: fakePast(),
    access: { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [], isSecure: false },
    trustedProxies: [],
    hstsDays: 0,
    gate: await openGate(),
    client: new URL('file:///nowhere/'),
    logError: (error) => expect.unreachable(String(error)),
    ...parts,
  };
}

/** Serves the routes on a free port of 127.0.0.1, with nothing behind those that `parts` leaves out. The caller closes the server. */
export async function serveApp(
  parts: Partial<HttpOptions> = {},
): Promise<{ readonly server: Server; readonly port: number }> {
  return serve(createHttpApp(await appOptions(parts)));
}

/** Serves on a free port of 127.0.0.1. The caller closes the server. */
export async function serve(app: RequestListener): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createHttpServer(app, CONNECTIONS);
  const { port } = await listen(server, '127.0.0.1', 0);
  return { server, port };
}
