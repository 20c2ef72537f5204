// What `ws` alone does with the same bytes: node bare-broadcast.mjs <frame bytes> <interval ms>
// Sends one frame to everyone every interval; no acknowledgements, no limits.
// Prints its port, and its share of a core on SIGTERM.
import { WebSocketServer } from 'ws';
import { encodeTrendFrame } from '../../../build/server/wire/trend-frame.js';

const CHANNELS = 8;
const rows = Math.max(1, Math.round(((Number(process.argv[2]) - 24) / CHANNELS - 64) / 48));
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => console.log(server.address().port));

let tick = 0;
setInterval(() => {
  const nowMs = Date.now();
  const bytes = Buffer.from(encodeTrendFrame({ sentMs: nowMs, blocks: blocks(nowMs) }));
  for (const client of server.clients) client.send(bytes);
  tick++;
}, Number(process.argv[3]));

function blocks(nowMs) {
  return Array.from({ length: CHANNELS }, (_, channel) => ({
    channel,
    span: 1,
    windows: rows,
    stream: 0,
    lastSeq: (tick + 1) * rows - 1,
    firstRow: tick * rows,
    timeNs: 0n,
    rowNs: 5e6,
    arrivedMs: nowMs,
    ...Object.fromEntries(['min', 'max', 'mean', 'm2'].map((name) => [name, new Float64Array(rows)])),
    ...Object.fromEntries(['count', 'clipped', 'nonfinite', 'flags'].map((name) => [name, new Uint32Array(rows)])),
  }));
}
