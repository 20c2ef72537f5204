// A process full of viewers: node viewers.mjs '{"url":…,"viewers":500,"deaf":0,"thin":0,"settleMs":…,"measureMs":…}'
// Says 'ready' when all are subscribed, and at the end one line of figures as
// JSON. Everyone decodes every frame and keeps the books of every channel.
import { WebSocket } from 'ws';
import { decodeTrendFrame } from '../../../build/server/wire/trend-frame.js';
import { openThinViewer } from './thin-viewer.mjs';

const ACK_BYTES = 16 * 1024;
const ACK_DELAY_MS = 500;
const LATENCY_LIMIT = 4_000_000;

const options = JSON.parse(process.argv[2]);
const books = { frames: 0, bytes: 0, windows: 0, missing: 0, doubled: 0, heartbeats: 0, coarser: 0 };
const closed = {};
const latencies = { read: new Float32Array(LATENCY_LIMIT), sent: new Float32Array(LATENCY_LIMIT), count: 0 };
let isMeasuring = false;

for (let i = 0; i < options.viewers; i += 50) {
  await Promise.all(Array.from({ length: Math.min(50, options.viewers - i) }, () => openViewer(true)));
}
await Promise.all(Array.from({ length: options.deaf ?? 0 }, () => openViewer(false)));
for (let i = 0; i < (options.thin ?? 0); i++) openThinViewer(options.url, options.thinBytesPerSecond, leave);
console.log('ready');

await pause(options.settleMs);
isMeasuring = true;
const before = process.cpuUsage();
const startMs = performance.now();
await pause(options.measureMs);
isMeasuring = false;
const seconds = (performance.now() - startMs) / 1000;
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    ...books,
    closed,
    cpu: (user + system) / 1e6 / seconds,
    readToDecodeMs: quantiles(latencies.read),
    sentToDecodeMs: quantiles(latencies.sent),
  }),
);
process.exit(0);

function openViewer(reads) {
  const socket = new WebSocket(`${options.url.replace('http', 'ws')}/api/live`, { perMessageDeflate: false });
  socket.binaryType = 'arraybuffer';
  const next = new Map(); // by channel number
  let bytes = 0;
  let acknowledged = 0;
  let timer;
  const acknowledge = () => {
    clearTimeout(timer);
    timer = undefined;
    acknowledged = bytes;
    if (socket.readyState === WebSocket.OPEN) socket.send(`{"type":"ack","bytes":${bytes}}`);
  };

  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => leave(code));
    socket.on('message', (data, isBinary) => {
      if (!isBinary) {
        const event = JSON.parse(data instanceof ArrayBuffer ? Buffer.from(data).toString() : data);
        if (event.type === 'channels' && !timer && next.size === 0) {
          socket.send('{"type":"subscribe","id":1,"channels":[{"name":"*"}]}');
        }
        if (event.type === 'heartbeat') books.heartbeats++;
        if (event.type !== 'subscribed') return;
        if (event.coarseness > 1) books.coarser++;
        for (const { number, from } of event.channels) if (!next.has(number)) next.set(number, from);
        if (!reads) socket.pause();
        resolve();
        return;
      }
      const nowMs = Date.now();
      const frame = decodeTrendFrame(data);
      for (const block of frame.blocks) {
        const first = block.lastSeq - block.windows + 1;
        const due = next.get(block.channel) ?? first;
        books.missing += Math.max(0, first - due);
        books.doubled += Math.max(0, due - first);
        next.set(block.channel, block.lastSeq + 1);
        books.windows += block.windows;
        // `arrivedMs` is of the last window; those before it came a row's length earlier each. One of them is enough.
        const rows = block.min.length;
        const earlierMs = ((books.frames % rows) * block.rowNs) / 1e6;
        record(nowMs - block.arrivedMs + (options.isBare ? 0 : earlierMs), nowMs - frame.sentMs);
      }
      books.frames++;
      books.bytes += data.byteLength;
      bytes += data.byteLength;
      if (options.isBare) return;
      if (bytes - acknowledged >= ACK_BYTES) acknowledge();
      else timer ??= setTimeout(acknowledge, ACK_DELAY_MS);
    });
    if (options.isBare) socket.on('open', resolve);
  });
}

function record(readMs, sentMs) {
  if (!isMeasuring || latencies.count === LATENCY_LIMIT) return;
  latencies.read[latencies.count] = readMs;
  latencies.sent[latencies.count++] = sentMs;
}

function quantiles(values) {
  const sorted = values.subarray(0, latencies.count).sort();
  const at = (share) => Number((sorted[Math.floor(share * sorted.length)] ?? Number.NaN).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), max: at(1 - 1e-9) };
}

function leave(code) {
  closed[code] = (closed[code] ?? 0) + 1;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
