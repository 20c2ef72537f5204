import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { listenFailure } from '../base/listen-failure.ts';
import type { Certificate } from './certificate.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5000;
const CLOSE_GRACE_MS = 1000;
// A thousand pages come back at once after a restart; past the system's 511 they would have to try again.
const BACKLOG = 4096;

const LIMITS: ServerOptions = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16 * 1024,
};

/**
 * Makes a server that ends requests which take too long to arrive, and closes
 * at once what connects past `connectionLimit` (its `drop` event tells). With
 * a certificate it speaks TLS and nothing else. It does not listen yet.
 */
export function createHttpServer(
  listener: RequestListener,
  connectionLimit: number,
  certificate?: Certificate,
): Server {
  const server = certificate ? createSecureServer(listener, certificate) : createServer(LIMITS, listener);
  server.maxConnections = connectionLimit;
  return server;
}

// The handshake must come about as soon as the headers of plain HTTP.
function createSecureServer(listener: RequestListener, certificate: Certificate): Server {
  const options = { ...LIMITS, ...certificate.context, handshakeTimeout: HEADERS_TIMEOUT_MS };
  const server = createTlsServer(options, listener);
  server.once('listening', () => server.once('close', certificate.follow(server)));
  return server;
}

/** Listens, or throws `LISTEN_FAILED` that names the setting. */
export function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(listenFailure(error, { host, port, section: 'server' }));
    server.once('error', fail);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', fail);
      resolve(server.address() as AddressInfo); // a TCP server has no other kind of address
    });
  });
}

/** Stops listening, lets requests under way finish for a second, then cuts them. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(cut);
}
