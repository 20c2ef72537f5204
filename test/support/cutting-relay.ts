import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line between a device and a server that can be cut, or go dead without a word to either. */
export class CuttingRelay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #dead = new Set<Socket>();
  /** Bytes that went towards the server since the last cut. */
  forwarded = 0;
  cuts = 0;

  /** Listens on the loopback; `cutAfter` is asked at each chunk after how many bytes to cut. */
  static async start(
    target: { readonly host: string; readonly port: number },
    cutAfter: (cuts: number) => number = () => Infinity,
    port = 0,
  ): Promise<CuttingRelay> {
    const relay = new CuttingRelay(target, cutAfter);
    relay.#server.listen(port, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  private constructor(target: { readonly host: string; readonly port: number }, cutAfter: (cuts: number) => number) {
    this.#server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ ...target, allowHalfOpen: true });
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => {}); // both are destroyed together
        socket.on('close', () => {
          this.#sockets.delete(socket);
          if (this.#dead.delete(socket)) return;
          near.destroy();
          far.destroy();
        });
      }
      near.on('data', (chunk) => {
        if (this.#dead.has(near)) return;
        this.forwarded += chunk.length;
        far.write(chunk);
        if (this.forwarded > cutAfter(this.cuts)) this.cut();
      });
      near.on('end', () => this.#dead.has(near) || far.end());
      far.on('data', (chunk) => this.#dead.has(far) || near.write(chunk));
      far.on('end', () => this.#dead.has(far) || near.end());
    });
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  /** Breaks every connection there is; new ones may come. */
  cut(): void {
    this.cuts++;
    this.forwarded = 0;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From now on nothing passes on the connections there are, no end either; new ones may come. */
  die(): void {
    for (const socket of this.#sockets) this.#dead.add(socket);
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
