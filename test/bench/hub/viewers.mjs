// A process full of viewers: node viewers.mjs '{"url":…,"viewers":500,"settleMs":…,"measureMs":…,"slow":…}'
// Says 'ready' when all are subscribed, and at the end one line of figures as
// JSON. Everyone decodes every frame and keeps the books of every channel.
//
// With "slow", {"deaf":25,"thin":25,"thinBytesPerSecond":1000,"rounds":5},
// those who are quick are measured by turns alone and among so many that read
// nothing and so many that read little, who join and leave again: all in one
// process and on the same connections, so that nothing else differs.
import { WebSocket } from 'ws';
import { decodeTrendFrame } from '../../../build/server/wire/trend-frame.js';
import { openThinViewer } from './thin-viewer.mjs';

const ACK_BYTES = 16 * 1024;
const ACK_DELAY_MS = 500;
const LATENCY_LIMIT = 4_000_000;
/** Until those who left are gone at the server, too. */
const REST_MS = 1500;

const options = JSON.parse(process.argv[2]);
const books = { frames: 0, bytes: 0, windows: 0, missing: 0, doubled: 0, heartbeats: 0, coarser: 0 };
const closed = {};
const latencies = { read: new Float32Array(LATENCY_LIMIT), sent: new Float32Array(LATENCY_LIMIT), count: 0 };
let isMeasuring = false;

for (let i = 0; i < options.viewers; i += 50) {
  await Promise.all(Array.from({ length: Math.min(50, options.viewers - i) }, () => openViewer(true)));
}
console.log('ready');

await pause(options.settleMs);
const before = process.cpuUsage();
const startMs = performance.now();
const measured = options.slow ? { rounds: await compare(options.slow) } : await measure();
const seconds = (performance.now() - startMs) / 1000;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ...books, closed, cpu: (user + system) / 1e6 / seconds, ...measured }));
process.exit(0);

/** The latency of every window that comes from now on. */
async function measure() {
  latencies.count = 0;
  isMeasuring = true;
  await pause(options.measureMs);
  isMeasuring = false;
  return { readToDecodeMs: quantiles(latencies.read), sentToDecodeMs: quantiles(latencies.sent) };
}

/** The same without slow viewers and with them, by turns; which comes first changes, too. */
async function compare(slow) {
  const rounds = [];
  for (let round = 0; round < slow.rounds; round++) {
    const figures = {};
    for (const isAmong of round % 2 === 0 ? [false, true] : [true, false]) {
      const leaveAll = isAmong ? await joinSlow(slow) : () => {};
      figures[isAmong ? 'among' : 'alone'] = (await measure()).readToDecodeMs;
      leaveAll();
      await pause(REST_MS);
    }
    rounds.push(figures);
  }
  return rounds;
}

async function joinSlow({ deaf, thin, thinBytesPerSecond }) {
  const leave = await Promise.all(Array.from({ length: deaf }, () => openViewer(false)));
  for (let i = 0; i < thin; i++) leave.push(openThinViewer(options.url, thinBytesPerSecond));
  return () => {
    for (const leaveOne of leave) leaveOne();
  };
}

/** Resolves, when it is subscribed, to what ends it. */
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
    socket.on('close', (code) => {
      if (reads) closed[code] = (closed[code] ?? 0) + 1;
    });
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
        resolve(() => socket.terminate());
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
    if (options.isBare) socket.on('open', () => resolve());
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

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
