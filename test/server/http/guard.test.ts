import { expect, it } from 'vitest';
import { closeServer } from '../../../server/http/http-server.ts';
import { serveApp } from '../../support/served-app.ts';

it.each([
  [true, 2, 'max-age=172800'],
  [true, 0, null],
  [false, 2, null],
])('a server that speaks TLS (%s) and is to be remembered for %i days says %s', async (isSecure, hstsDays, header) => {
  const access = { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [], isSecure };
  const served = await serveApp({ access, hstsDays });
  const reply = await fetch(`http://127.0.0.1:${served.port}/healthz`);
  await closeServer(served.server);

  expect(reply.headers.get('strict-transport-security')).toBe(header);
});
