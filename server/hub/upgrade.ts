import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type AccessRules, isAllowedHost, isAllowedOrigin } from '../base/origin.ts';
import { HUB_PATH } from '../wire/events.ts';
import type { Problem } from '../wire/rest.ts';

/** Why a request for the live socket is refused before it becomes one. */
export const REFUSALS = {
  ROUTE_UNKNOWN: '404 Not Found',
  REQUEST_INVALID: '400 Bad Request',
  HOST_REFUSED: '403 Forbidden',
  ORIGIN_REFUSED: '403 Forbidden',
  VIEWER_LIMIT: '503 Service Unavailable',
  SERVER_STOPPING: '503 Service Unavailable',
} as const;
export type Refusal = keyof typeof REFUSALS;

/** Whether `request` may not become a live socket: the reason, or undefined where it may. */
export function checkUpgrade(request: IncomingMessage, rules: AccessRules): Refusal | undefined {
  const { headersDistinct, socket } = request;
  if (request.url?.split('?', 1)[0] !== HUB_PATH) return 'ROUTE_UNKNOWN';
  if (request.httpVersion !== '1.1') return 'REQUEST_INVALID';

  const [host, ...otherHosts] = headersDistinct.host ?? [];
  if (otherHosts.length > 0 || !isAllowedHost(host, socket, rules)) return 'HOST_REFUSED';

  const [origin, ...otherOrigins] = headersDistinct.origin ?? [];
  if (otherOrigins.length > 0 || !isAllowedOrigin(origin, host, rules)) return 'ORIGIN_REFUSED';
  return undefined;
}

/** Answers with the status of `refusal` and ends the connection. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify({ code: refusal, message: `${HUB_PATH}: ${REFUSALS[refusal]}` } satisfies Problem);
  const head = [
    `HTTP/1.1 ${REFUSALS[refusal]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.on('error', () => socket.destroy()); // gone before it read the answer
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
