import { randomBytes, randomUUID } from 'node:crypto';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from './base/clock.ts';
import { AppError } from './base/errors.ts';
import { createLog } from './base/log.ts';
import { LogRelay } from './base/log-relay.ts';
import type { CallEnd } from './base/pending-calls.ts';
import { CaptureControl } from './capture/capture-control.ts';
import type { FromCapture } from './capture/capture-link.ts';
import { loadKernels } from './compute/load-kernels.ts';
import { openWindower } from './compute/open-windower.ts';
import { RingPool } from './compute/ring-pool.ts';
import { DurableStreams } from './ingest/durable-streams.ts';
import { IngestServer } from './ingest/ingest-server.ts';
import { StatusMeter } from './ingest/status-meter.ts';
import type {
  Books,
  HistoryLink,
  StreamCall,
  StreamLinks,
  StreamWorkerData,
  ToMain,
  ToWorker,
} from './stream-messages.ts';
import type { FromHistory, ToHistory } from './trend/durable-link.ts';
import { WINDOW_ROW_BYTES } from './trend/window-batch.ts';
import { type Parcel, WindowOutbox } from './trend/window-outbox.ts';

// The second composition root: a thread that listens for devices itself and
// reduces what they send, so that nothing a viewer does can stall a sensor.
// It keeps nothing outside `run`, so several can run side by side.

// To the people: well below what an eye or the budget of 15 ms to the bus would notice. The history asks.
const FLUSH_MS = 8;
const SECOND_MS = 1000;
// Devices may come and go by the thousand; the whole ledger is not written for each.
const CHANGE_MS = 500;
// Between two of them what is pinned waits in its ring, which holds seconds.
const TURN_MS = 10;
const BALANCE_MS = 50;
const BATCH_ROWS = 1024;
// More than comes between two commits; whatever is there is handed out when the history asks.
const STORED_BATCH_ROWS = 8192;
const IN_FLIGHT_ROWS = 65_536;
const WAITING_ROWS = (64 << 20) / WINDOW_ROW_BYTES;

if (parentPort === null) throw new Error('stream-worker runs only as a worker thread');
await start(parentPort, workerData as StreamWorkerData);

/** Says why, in a sentence, where it cannot run. */
async function start(port: MessagePort, data: StreamWorkerData): Promise<void> {
  try {
    await run(port, data);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    port.postMessage({ kind: 'refused', code: error.code, message: error.message } satisfies ToMain);
    port.close();
  }
}

async function run(port: MessagePort, data: StreamWorkerData): Promise<void> {
  const post = (message: ToMain) =>
    port.postMessage(message, message.kind === 'windows' ? [message.buffer] : undefined);
  const relay = new LogRelay((relayed) => post({ kind: 'log', ...relayed }));
  const log = createLog('ingest', data.logLevel, relay);

  const module = await loadKernels(new URL(data.wasm));
  const { history, capturePort } = await begun(port);
  const outbox = openOutbox(post, BATCH_ROWS);
  const storage = history ? openStorage(history, () => server) : withoutStorage();
  const flushSoon = once(FLUSH_MS, () => outbox.flush());
  const { ingest, channels, capture } = data;
  const rings = new RingPool({
    ringBytes: capture.ring_bytes,
    ringsBytes: capture.rings_bytes,
    onLeave: (ring) => control.leave(ring),
  });
  const control = new CaptureControl({
    rings,
    settings: capture,
    channels,
    clock: systemClock,
    makeId: makeCaptureId,
    post: (message, transfer) => capturePort?.postMessage(message, transfer),
  });
  capturePort?.on('message', (message: FromCapture) => control.receive(message));
  const server = new IngestServer({
    host: ingest.host,
    port: ingest.port,
    connectionLimit: ingest.connection_limit,
    creditBytes: ingest.credit_bytes,
    listed: channels,
    listedOnly: ingest.listed_only,
    channelLimit: ingest.channel_limit,
    window: ingest.window,
    clock: systemClock,
    log,
    openSink: openWindower({
      module,
      rings,
      emit: (window) => {
        outbox.add(window);
        storage.streams.take(window);
        flushSoon();
      },
      watchOf: (channel) => (capturePort === undefined ? undefined : control.watchOf(channel)),
    }),
    history: {
      streams: storage.streams,
      openSink: openWindower({
        module,
        emit: (window) => storage.streams.takeAgain(window),
      }),
    },
    nameStream: randomUUID,
    onOpen: (info) => {
      outbox.open(info);
      storage.streams.open(info);
    },
    fill: () => outbox.fill,
    onChange: once(CHANGE_MS, () => post({ kind: 'ledger', books: readBooks() })),
  });
  const readBooks = (): Books => ({ entries: server.ledger(), waiting: outbox.waiting, dropped: outbox.dropped });

  const recorder = (): CaptureControl => {
    if (capturePort !== undefined) return control;
    throw new AppError('STORAGE_FAILED', 'nothing can be recorded: see the log of the start');
  };
  const answer = (call: StreamCall): unknown => {
    switch (call.name) {
      case 'readLedger':
        outbox.flush(); // so that the windows the ledger speaks of are there before it
        return readBooks();
      case 'capture':
        return recorder().request(...call.values).id;
      case 'hold':
        return recorder().hold(...call.values).id;
      case 'confirm':
        return recorder().confirm(...call.values);
      case 'release':
        return recorder().release(...call.values);
    }
  };

  const meter = new StatusMeter(systemClock);
  const timer = setInterval(() => {
    const books = readBooks();
    post({ kind: 'ledger', books });
    const recording = { ...control.status(), rings: rings.status() };
    post({ kind: 'status', status: meter.read(server.counts(), books.entries), recording });
  }, SECOND_MS);

  const turns = setInterval(() => control.turn(), TURN_MS);
  const balance = setInterval(() => rings.balance(), BALANCE_MS);

  const stop = () => {
    for (const it of [timer, turns, balance]) clearInterval(it);
    capturePort?.close();
  };

  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'begin':
        throw new Error('the ingest thread was told to begin twice');
      case 'taken':
        outbox.taken(message.rows);
        break;
      case 'logTaken':
        relay.taken(message.characters);
        break;
      case 'call':
        post({ kind: 'called', id: message.id, end: endOf(() => answer(message.call)) });
        break;
      case 'close':
        void server.close().then(() => {
          outbox.empty();
          storage.close();
          control.close();
          post({ kind: 'ledger', books: readBooks() });
          stop();
          port.close();
        });
        break;
    }
  });

  const address = await server.listen().catch((error: unknown) => {
    stop();
    storage.close();
    throw error;
  });
  post({ kind: 'listening', ...address });
}

/** Everything is loaded; resolves once the other threads are there. */
function begun(port: MessagePort): Promise<StreamLinks> {
  return new Promise((resolve, reject) =>
    port.once('message', (message: ToWorker) => {
      if (message.kind === 'begin') resolve(message);
      else reject(new Error(`the ingest thread was told ${message.kind} before it began`));
    }),
  );
}

function openOutbox(post: (parcel: Parcel) => void, batchRows: number): WindowOutbox {
  return new WindowOutbox({
    post,
    batchRows,
    inFlightRows: IN_FLIGHT_ROWS,
    waitingRows: WAITING_ROWS,
  });
}

/**
 * Where nothing can be kept: every window is withheld, so that no device is told
 * that one is safe. It keeps them for a server that can.
 */
function withoutStorage(): ReturnType<typeof openStorage> {
  const outbox = { open() {}, add() {}, taken() {}, flush() {}, fill: 1 };
  const streams = new DurableStreams({ outbox, marks: [], onDurable() {}, onResend() {}, onAsked() {} });
  return { streams, close() {} };
}

/** The way of the windows to the history, and the answers to it. */
function openStorage({ port, marks }: HistoryLink, server: () => IngestServer) {
  const post = (message: ToHistory) => port.postMessage(message, message.kind === 'windows' ? [message.buffer] : []);
  const outbox = openOutbox(post, STORED_BATCH_ROWS);
  const streams = new DurableStreams({
    outbox,
    marks,
    onDurable: () => server().settle(),
    onResend: (name) => server().resend(name),
    onAsked: () => post({ kind: 'asked' }),
  });
  port.on('message', (message: FromHistory) => streams.receive(message));
  const close = () => {
    outbox.empty();
    port.close();
  };
  return { streams, close };
}

function endOf(act: () => unknown): CallEnd {
  try {
    return { kind: 'reply', value: act() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'failed', code: error.code, message: error.message };
  }
}

/** When, for people who look into the folder, and 32 random bits. */
function makeCaptureId(nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, '').toLowerCase();
  return `${time}-${randomBytes(4).toString('hex')}`;
}

/** Runs `act` after `delayMs` however often it is asked for until then. */
function once(delayMs: number, act: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      act();
    }, delayMs);
  };
}
