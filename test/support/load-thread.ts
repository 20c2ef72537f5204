import { Worker } from 'node:worker_threads';

export interface LoadOptions {
  readonly port: number;
  /** What each connection says first, such as its hello. One connection for each. */
  readonly greetings: readonly Uint8Array[];
  /** What all of them send when they are told to, after which they end their side. */
  readonly backlog?: Uint8Array;
}

/** What became of one connection. */
export interface LoadOutcome {
  /** From the start of the load to the server's end of the connection. */
  readonly endedMs: number;
  /** All that the server said, as text: messages in JSON can be found in it. */
  readonly heard: string;
}

/**
 * Connections that load a server from a thread of their own, so that what they
 * cost here is not taken for what they cost the server.
 */
export class LoadThread {
  readonly outcomes: Promise<readonly LoadOutcome[]>;
  readonly #worker: Worker;

  /** Resolves when all are connected and have been heard or, where they say nothing, accepted. */
  static async start(options: LoadOptions): Promise<LoadThread> {
    const worker = new Worker(THREAD, { eval: true, workerData: options });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    return new LoadThread(worker);
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.outcomes = new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  }

  /** All send their backlogs at once. */
  release(): void {
    this.#worker.postMessage('release');
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

// Plain JavaScript, since a thread of Node 20 reads no TypeScript.
const THREAD = `
const { connect } = require('node:net');
const { parentPort, workerData: { port, greetings, backlog } } = require('node:worker_threads');
const startMs = performance.now();
const sockets = [];
let ready = 0;
const outcomes = greetings.map((greeting) => new Promise((resolve) => {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  let heard = '';
  const isReady = () => ++ready === greetings.length && parentPort.postMessage('ready');
  socket.once('connect', () => (greeting.length > 0 ? socket.write(greeting) : isReady()));
  if (greeting.length > 0) socket.once('data', isReady);
  socket.on('data', (chunk) => { if (heard.length < 4096) heard += chunk.toString('latin1'); });
  socket.on('end', () => { resolve({ endedMs: performance.now() - startMs, heard }); socket.destroy(); });
  sockets.push(socket);
}));
parentPort.on('message', () => { for (const socket of sockets) socket.end(backlog); });
Promise.all(outcomes).then((all) => parentPort.postMessage(all));
`;
