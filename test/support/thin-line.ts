import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What a line can do, in either direction by itself. */
export interface LineQuality {
  readonly bitsPerSecond: number;
  /** One way. */
  readonly delayMs: number;
}

// What a router on the way holds back before TCP feels it.
const QUEUE_BYTES = 64 * 1024;

/** A relay of TCP connections as a thin and long line would carry them. */
export class ThinLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Bytes that have come out of it towards whoever connected. */
  delivered = 0;

  /** Listens on the loopback and connects to `target`. */
  static async start(
    target: { readonly host: string; readonly port: number },
    quality: LineQuality,
  ): Promise<ThinLine> {
    const line = new ThinLine(target, quality);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  private constructor(target: { readonly host: string; readonly port: number }, quality: LineQuality) {
    const down = new Wire(quality);
    const up = new Wire(quality);
    this.#server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
      near.setNoDelay(true);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => {}); // `close` follows
        socket.on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.on('data', (chunk) => up.carry(chunk, near, far));
      near.on('end', () => up.whenArrived(() => far.end()));
      far.on('data', (chunk) => {
        down.carry(chunk, far, near);
        down.whenArrived(() => {
          this.delivered += chunk.byteLength;
        });
      });
      far.on('end', () => down.whenArrived(() => near.end()));
    });
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** One direction, shared by all connections. */
class Wire {
  readonly #quality: LineQuality;
  readonly #arrivals: { readonly dueMs: number; readonly arrive: () => void }[] = [];
  #freeMs = 0;
  #queued = 0;

  constructor(quality: LineQuality) {
    this.#quality = quality;
  }

  carry(chunk: Buffer, from: Socket, to: Socket): void {
    this.#freeMs = Math.max(performance.now(), this.#freeMs) + (chunk.byteLength * 8000) / this.#quality.bitsPerSecond;
    this.#queued += chunk.byteLength;
    if (this.#queued > QUEUE_BYTES) from.pause();
    this.whenArrived(() => {
      this.#queued -= chunk.byteLength;
      from.resume();
      to.write(chunk);
    });
  }

  /** Calls `arrive` when all that was carried so far has arrived. */
  whenArrived(arrive: () => void): void {
    const dueMs = Math.max(performance.now(), this.#freeMs) + this.#quality.delayMs;
    this.#arrivals.push({ dueMs, arrive });
    if (this.#arrivals.length === 1) this.#wait();
  }

  // One timer, since timers of different lengths do not keep their order.
  #wait(): void {
    setTimeout(() => {
      while (this.#arrivals.length > 0 && this.#arrivals[0].dueMs <= performance.now())
        this.#arrivals.shift()?.arrive();
      if (this.#arrivals.length > 0) this.#wait();
    }, this.#arrivals[0].dueMs - performance.now());
  }
}
