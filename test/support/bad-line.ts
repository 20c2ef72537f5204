import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a server on the loopback that breaks as lines do: by reset, or by swallowing all while it stands. */
export class BadLine {
  readonly #server: Server;
  readonly #ends = new Set<Socket>();
  readonly #swallowed = new Set<Socket>();

  static async open(port: number): Promise<BadLine> {
    const line = new BadLine(port);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect({ host: '127.0.0.1', port });
      for (const [from, to] of [
        [near, far],
        [far, near],
      ]) {
        this.#ends.add(from);
        from.on('data', (chunk) => this.#swallowed.has(from) || to.write(chunk));
        from.on('error', () => {}); // the close tells
        from.on('close', () => {
          this.#ends.delete(from);
          this.#swallowed.delete(from);
          if (!this.#swallowed.has(to)) to.destroy();
        });
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resets every connection; new ones may come. */
  reset(): void {
    for (const end of this.#ends) if (!this.#swallowed.has(end)) end.resetAndDestroy();
  }

  /** From now on nothing passes on the connections there are, and neither end is told. */
  swallow(): void {
    for (const end of this.#ends) this.#swallowed.add(end);
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
