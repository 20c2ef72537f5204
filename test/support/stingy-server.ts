import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { encodeHelloReply } from '../../server/ingest/hello.ts';

/** A server for devices that never gives more credit than in its answer to a hello, and never acknowledges anything. */
export class StingyServer {
  /** Bytes that came after the hello; with it where that is not answered. */
  received = 0;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  /** Without credit it does not even answer a hello. `endsToo`: it ends its side once a device has ended its own. */
  static async start(options: { readonly creditBytes: number | undefined; readonly endsToo?: boolean }) {
    const stingy = new StingyServer(options);
    stingy.#server.listen(0, '127.0.0.1');
    await once(stingy.#server, 'listening');
    return stingy;
  }

  private constructor({
    creditBytes,
    endsToo,
  }: { readonly creditBytes: number | undefined; readonly endsToo?: boolean }) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.push(socket);
      socket.on('error', () => {}); // the device leaves
      if (endsToo) socket.on('end', () => socket.end());
      socket.once('data', (hello) => {
        socket.on('data', (chunk) => {
          this.received += chunk.length;
        });
        if (creditBytes === undefined) this.received += hello.length;
        else
          socket.write(encodeHelloReply({ channel: 'c', stream: 's', window: 1_000_000, nextSample: 0, creditBytes }));
      });
    });
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  async until(bytes: number): Promise<void> {
    while (this.received < bytes) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
