import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { AlertGroup } from '../../server/notify/alertmanager.ts';

/** How a receiver of webhooks treats a request. */
type Manner = 'take' | 'fail' | 'refuse' | 'hang' | 'cut' | 'take and cut';

const STATUS = { take: 200, fail: 500, refuse: 400 } as const;

/** A receiver of signed webhooks that fails in several ways while it is told to. */
export class AlarmReceiver {
  /** Identifiers of what it has taken, in order. */
  readonly taken: string[] = [];
  /** How the next ones are treated; the last one stays. */
  manners: Manner[] = ['take'];
  requests = 0;
  readonly #server: Server;
  readonly #secret: string;

  static async listen(secret: string): Promise<AlarmReceiver> {
    const receiver = new AlarmReceiver(secret);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  private constructor(secret: string) {
    this.#secret = secret;
    this.#server = createServer((req, res) => void this.#answer(req, res));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    this.requests++;
    const [, t, v1] = /^t=(\d+),v1=(\w+)$/.exec(req.headers['fenestra-signature'] as string)!;
    expect(v1).toBe(createHmac('sha256', this.#secret).update(`${t}.${body}`).digest('hex'));

    const manner = this.manners.length > 1 ? this.manners.shift()! : this.manners[0]!;
    if (manner === 'hang') return;
    if (manner.startsWith('take')) {
      const { alerts } = JSON.parse(body) as AlertGroup;
      this.taken.push(...alerts.map(({ annotations }) => annotations.id!));
    }
    if (manner.endsWith('cut')) req.socket.destroy();
    else res.writeHead(STATUS[manner as 'take']).end();
  }
}
