import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Config } from '../config.ts';
import type { PushFigures } from '../wire/outputs.ts';
import { type PushOrder, type PushReply, SUBSCRIBER_LIMIT, type SubscriberReply } from '../wire/push.ts';
import type { Destination } from './destination.ts';
import type { PushOutput } from './push.ts';
import type { Subscribers } from './subscribers.ts';
import { publicKeyOf } from './vapid.ts';

type PushConfig = Pick<Config, 'notify' | 'storage'>;

/** Who is told by Web Push, where the settings have a key for it. Its code is loaded only then. */
export class PushDesk {
  readonly #config: PushConfig;
  readonly #options: { readonly clock: Clock; readonly log: Logger };
  readonly #publicKey: string | undefined;
  #subscribers: Subscribers | undefined;
  #outputs: readonly PushOutput[] = [];
  #failure: string | undefined;

  constructor(config: PushConfig, options: { readonly clock: Clock; readonly log: Logger }) {
    this.#config = config;
    this.#options = options;
    const { private_key: key } = config.notify.push;
    this.#publicKey = key === '' ? undefined : publicKeyOf(key);
  }

  /** A destination for each push service. Where the storage directory is not ours, for that `lack`, nobody is told. Never rejects. */
  async open(lack: string | undefined): Promise<readonly Destination[]> {
    const { private_key: privateKey, contact, services, priorities } = this.#config.notify.push;
    const publicKey = this.#publicKey;
    if (publicKey === undefined || lack !== undefined) return [];
    const { clock, log } = this.#options;
    try {
      const [{ Subscribers }, { PushOutput }, { PUSH_BURSTS_FILE, PushBursts }] = await Promise.all([
        import('./subscribers.ts'),
        import('./push.ts'),
        import('./push-bursts.ts'),
      ]);
      const { directory } = this.#config.storage;
      const folder = join(directory, 'alarms', 'push');
      const subscribers = await Subscribers.open({ folder, services, publicKey, clock, log });
      this.#subscribers = subscribers;
      const bursts = await PushBursts.open({ path: join(directory, PUSH_BURSTS_FILE), services, log });
      const common = { subscribers, bursts, vapid: { privateKey, contact }, priorities, nowMs: () => clock.nowMs() };
      this.#outputs = services.map((service) => new PushOutput({ ...common, service }));
    } catch (error) {
      this.#failure = `who is notified cannot be read: ${(error as Error).message}`;
      log.error({ err: error }, 'who is notified cannot be read: nobody is until a restart');
    }
    return this.#outputs;
  }

  list(): PushReply {
    const isOpen = this.#publicKey !== undefined && this.#subscribers !== undefined;
    return {
      ...(isOpen && { publicKey: this.#publicKey }),
      subscribers: this.#subscribers?.list() ?? [],
      limit: SUBSCRIBER_LIMIT,
    };
  }

  /** Resolves when it is on the disk; rejects with `REQUEST_INVALID` or `STORAGE_FAILED`. */
  async add(order: PushOrder, by: string, browser: string): Promise<SubscriberReply> {
    return this.#open().add(order, by, browser);
  }

  /** As `add`; and `SUBSCRIBER_UNKNOWN`. */
  async remove(id: string, by: string): Promise<void> {
    await this.#open().remove(id, by);
  }

  /** Undefined where the settings have no key. */
  figures(): PushFigures | undefined {
    if (this.#publicKey === undefined) return undefined;
    const missed = this.#outputs.reduce((sum, output) => sum + output.missed, 0);
    const { all = [], gone = 0 } = this.#subscribers ?? {};
    return { subscribers: all.length, gone, missed };
  }

  /** Why people are not notified as they should be, in words. */
  problems(): string[] {
    const { problem } = this.#subscribers ?? {};
    const kept = problem === undefined ? undefined : `who is notified cannot be kept: ${problem}`;
    return [this.#failure, kept].filter((one) => one !== undefined);
  }

  async close(): Promise<void> {
    await this.#subscribers?.close();
  }

  #open(): Subscribers {
    if (this.#subscribers !== undefined) return this.#subscribers;
    if (this.#publicKey !== undefined) {
      throw new AppError('STORAGE_FAILED', this.#failure ?? 'the storage directory is not ours, so nobody is notified');
    }
    const message = 'notify.push.private_key is not set, expected a key of `fenestra push-key`: nobody can be notified';
    throw new AppError('REQUEST_INVALID', message);
  }
}
