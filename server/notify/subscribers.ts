import { createHash, ECDH } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { type StoredDocument, VersionedStore } from '../durable/versioned-store.ts';
import { PUSH_LANGUAGES, type PushOrder, SUBSCRIBER_LIMIT, type SubscriberReply } from '../wire/push.ts';
import { serviceOf } from './push-services.ts';

/** A browser that is told, as it is kept. */
interface Subscription extends PushOrder {
  readonly browser: string;
  /** That it was subscribed with: with another it takes nothing. */
  readonly publicKey: string;
}

export interface Subscriber extends Subscription {
  readonly id: string;
  /** Of the settings. */
  readonly service: string;
}

export interface SubscribersOptions {
  readonly folder: string;
  readonly services: readonly string[];
  readonly publicKey: string;
  readonly clock: Clock;
  readonly log: Logger;
}

const MOST = { documents: SUBSCRIBER_LIMIT, bytes: 1 << 20 };
const ENDPOINT_LENGTH = 1000;
const AUTH_BYTES = 16;
const POINT_BYTES = 65;
/** Who removes what a push service no longer knows. */
const SERVER = 'Fenestra';

/** The browsers that asked to be told of alarms, kept with who asked. */
export class Subscribers {
  readonly #options: SubscribersOptions;
  readonly #store: VersionedStore<Subscription>;
  #all: readonly Subscriber[] = [];
  #gone = 0;

  /** Throws `STORAGE_FAILED`. */
  static async open(options: SubscribersOptions): Promise<Subscribers> {
    const { folder, log, clock } = options;
    const store = await VersionedStore.open({ folder, log, clock, parse: parseSubscription, most: MOST });
    const subscribers = new Subscribers(options, store);
    subscribers.#read();
    return subscribers;
  }

  private constructor(options: SubscribersOptions, store: VersionedStore<Subscription>) {
    this.#options = options;
    this.#store = store;
  }

  /** Those that the settings of now can tell: with their key, by their services. */
  get all(): readonly Subscriber[] {
    return this.#all;
  }

  /** Removed because their push service knew them no more, or because they were of other settings and there was no room. */
  get gone(): number {
    return this.#gone;
  }

  /** The newest first. */
  list(): SubscriberReply[] {
    const told = new Set(this.#all.map(({ id }) => id));
    return this.#store
      .list()
      .filter(({ key }) => told.has(key))
      .map(toReply)
      .sort((a, b) => b.atMs - a.atMs);
  }

  /** Resolves when it is on the disk; rejects with `REQUEST_INVALID` or `STORAGE_FAILED`. */
  async add({ endpoint, keys, language }: PushOrder, by: string, browser: string): Promise<SubscriberReply> {
    const { services, publicKey } = this.#options;
    serviceOf(endpoint, services);
    expectKeys(keys);
    const id = idOf(endpoint);
    const known = this.#store.get(id);
    if (known === undefined) await this.#makeRoom();
    const subscription = { endpoint, keys, language, browser, publicKey };
    await this.#store.put(id, subscription, { expectedVersion: known?.version ?? 0, by });
    this.#read();
    return toReply(this.#store.get(id) as StoredDocument<Subscription>);
  }

  /** As `add`; and `SUBSCRIBER_UNKNOWN`. */
  async remove(id: string, by: string): Promise<void> {
    const known = this.#store.get(id);
    if (known === undefined)
      throw new AppError('SUBSCRIBER_UNKNOWN', `no browser ${id}, expected one of GET /api/push`);
    await this.#store.remove(id, { expectedVersion: known.version, by });
    this.#read();
  }

  /** Its push service knows it no more. It is not told again, also where that cannot be written. */
  async drop(id: string): Promise<void> {
    this.#gone++;
    this.#all = this.#all.filter((one) => one.id !== id);
    this.#options.log.info({ subscriber: id }, 'a browser is not told of alarms any more');
    await this.remove(id, SERVER).catch((err: unknown) => {
      this.#options.log.warn({ err, subscriber: id }, 'that a browser is not told any more cannot be kept');
    });
  }

  get problem(): string | undefined {
    return this.#store.status().problem;
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  // Where it is full, one goes that is not told any more.
  async #makeRoom(): Promise<void> {
    const kept = this.#store.list();
    if (kept.length < SUBSCRIBER_LIMIT) return;
    const told = new Set(this.#all.map(({ id }) => id));
    const useless = kept.find(({ key }) => !told.has(key));
    if (useless !== undefined) return this.drop(useless.key);
    const message = `${SUBSCRIBER_LIMIT} browsers are told already, expected fewer: remove one of GET /api/push`;
    throw new AppError('REQUEST_INVALID', message);
  }

  #read(): void {
    const { services, publicKey } = this.#options;
    this.#all = this.#store.list().flatMap(({ key: id, document }) => {
      if (document.publicKey !== publicKey) return [];
      try {
        return [{ ...document, id, service: serviceOf(document.endpoint, services) }];
      } catch {
        return []; // its service was taken from the settings
      }
    });
  }
}

function idOf(endpoint: string): string {
  return createHash('sha256').update(endpoint).digest('hex').slice(0, 32);
}

function toReply({ key: id, document, by, atMs }: StoredDocument<Subscription>): SubscriberReply {
  const { browser, language } = document;
  return { id, browser, language, by, atMs };
}

// Whoever sends other keys gets nothing, and the sending would fail for them.
function expectKeys({ p256dh, auth }: PushOrder['keys']): void {
  try {
    const point = Buffer.from(p256dh, 'base64url');
    ECDH.convertKey(point, 'prime256v1');
    if (point.length === POINT_BYTES && Buffer.from(auth, 'base64url').length === AUTH_BYTES) return;
  } catch {
    // no point of the curve
  }
  throw new AppError('REQUEST_INVALID', 'keys that nobody can encrypt for, expected a point of P-256 and 16 bytes');
}

function parseSubscription(json: unknown): Subscription {
  const { endpoint, keys, language, browser, publicKey } = json as Subscription;
  const texts = [endpoint, keys?.p256dh, keys?.auth, browser, publicKey];
  const isOne = texts.every((text) => typeof text === 'string') && PUSH_LANGUAGES.includes(language);
  if (!isOne || endpoint.length > ENDPOINT_LENGTH) throw new Error('no subscription');
  return { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth }, language, browser, publicKey };
}
