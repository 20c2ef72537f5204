// A process that only receives: `fenestra` is the product's own ingest thread
// with nobody behind its buses, `bare` is a thread that reads sockets and
// counts bytes, the ceiling of what ingest can do on this Node.
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const BUILD = new URL('../../../build/', import.meta.url);

if (isMainThread) await (process.argv[2] === 'bare' ? runBare() : runFenestra());
else readSockets(workerData);

async function runFenestra() {
  const { StreamThread } = await import(new URL('server/stream-thread.js', BUILD));
  const { Bus } = await import(new URL('server/base/bus.js', BUILD));
  const { createLog } = await import(new URL('server/base/log.js', BUILD));
  const { Config } = await import(new URL('server/config.js', BUILD));
  const raise = (error) => {
    throw error;
  };
  const config = Config.parse({ ingest: { port: 0, channel_limit: 1000 } });
  const buses = { channels: new Bus(raise), trends: new Bus(raise), ledgers: new Bus(raise) };
  let windows = 0;
  buses.trends.subscribe(() => windows++);
  const thread = await StreamThread.start({
    worker: new URL('server/stream-worker.js', BUILD),
    wasm: new URL('assembly/kernels.wasm', BUILD),
    ingest: config.ingest,
    channels: {},
    capture: config.capture,
    logLevel: 'warn',
    buses,
    log: createLog('bench', 'warn'),
    onFailure: raise,
  });
  process.on('message', async () => {
    const ledger = await thread.readLedger();
    const sum = (key) => ledger.reduce((total, entry) => total + entry[key], 0);
    process.send({
      bytes: sum('received') * 2,
      missing: sum('missing'),
      pending: sum('pending'),
      windows,
      threadCpu: thread.status().cpu,
      cpuUs: cpuUs(),
      atMs: performance.now(),
    });
  });
  process.send({ port: thread.address.port });
}

async function runBare() {
  const counter = new BigInt64Array(new SharedArrayBuffer(8));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: counter });
  worker.once('message', (port) => process.send({ port }));
  process.on('message', () => {
    process.send({ bytes: Number(Atomics.load(counter, 0)), cpuUs: cpuUs(), atMs: performance.now() });
  });
}

function readSockets(counter) {
  const body = Buffer.from(JSON.stringify({ ok: true, next_sample: '0' }));
  const answer = Buffer.concat([Buffer.alloc(4), body]);
  answer.writeUInt32LE(body.length);
  const server = createServer((socket) => {
    socket.write(answer);
    socket.on('data', (chunk) => Atomics.add(counter, 0, BigInt(chunk.length)));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
}

function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
