import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { AlarmPriority } from '../wire/alarms.ts';
import { backOffMs } from './back-off.ts';
import type { Destination } from './destination.ts';
import { type AlarmMessage, messageId } from './message.ts';
import { Retained } from './retained.ts';
import { timeBox } from './time-box.ts';

export interface MqttSettings {
  /** `mqtt://` or `mqtts://`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** First levels of every topic. */
  readonly prefix: string;
  readonly priorities: readonly AlarmPriority[];
}

export interface MqttOptions {
  readonly settings: MqttSettings;
  readonly clock: Clock;
  readonly log: Logger;
}

const TIMEOUT_MS = 10_000;
const KEEPALIVE_S = 15;
const TOGETHER = 64;
const OFFLINE = 'offline';
const RETAINED = { qos: 1, retain: true } as const;

/**
 * Keeps the state of every alarm as a retained message of a broker, at
 * `<prefix>/alarms/<tag>`, and whether this server is there at
 * `<prefix>/status`. Connects anew by itself, and tells the broker then all that
 * it was told, because it may have lost it. Of a connection that broke nothing is
 * sent again by the client, so that no old state comes behind a newer one.
 */
export class MqttOutput implements Destination {
  readonly kind = 'mqtt';
  readonly name = 'mqtt';
  readonly together = TOGETHER;
  readonly isOnceEach = false;
  readonly isKeeping = true;
  readonly gatherMs = 0;
  readonly #options: MqttOptions;
  readonly #retained = new Retained();
  readonly #ending = new AbortController();
  #client: MqttClient | undefined;
  #connecting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tries = 0;
  #outage: Destination['outage'];

  constructor(options: MqttOptions) {
    this.#options = options;
    void this.#connect();
  }

  get outage(): Destination['outage'] {
    return this.#outage;
  }

  get dropped(): number {
    return this.#retained.dropped;
  }

  wants({ priority, event }: AlarmMessage): boolean {
    // One that is of another priority from now on may have been told.
    return this.#options.settings.priorities.includes(priority) || event === 'redefine' || event === 'remove';
  }

  async deliver(messages: readonly AlarmMessage[], signal: AbortSignal): Promise<void> {
    await this.#connecting;
    const client = this.#client;
    const states = messages.map((message) => [message.tag, this.#note(message)] as const);
    if (client === undefined) throw new Error(this.#outage?.problem ?? 'the broker is not connected');
    try {
      await timeBox(TIMEOUT_MS, signal, async () => {
        await this.#publish(client, states);
      });
    } catch (error) {
      this.#drop(client, reasonOf(error));
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#timer);
    await this.#connecting;
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    const still = new AbortController().signal;
    await timeBox(TIMEOUT_MS, still, async () => {
      await client.publishAsync(this.#topic('status'), OFFLINE, RETAINED);
      await client.endAsync();
    }).catch(() => client.end(true));
  }

  // What is gone from the definitions, or is not of the priorities any more, is taken from the broker.
  #note(message: AlarmMessage): string {
    const { event, priority } = message;
    const isGone = event === 'remove' || !this.#options.settings.priorities.includes(priority);
    const payload = isGone ? '' : JSON.stringify({ id: messageId(message), ...message });
    this.#retained.set(message, payload);
    return payload;
  }

  async #publish(client: MqttClient, states: readonly (readonly [tag: string, payload: string])[]): Promise<void> {
    await Promise.all(
      states.map(([tag, payload]) => client.publishAsync(this.#topic(`alarms/${topicLevel(tag)}`), payload, RETAINED)),
    );
  }

  #topic(rest: string): string {
    return `${this.#options.settings.prefix}/${rest}`;
  }

  #connect(): Promise<void> {
    this.#connecting ??= this.#open()
      .catch((error: unknown) => this.#lose(reasonOf(error)))
      .finally(() => {
        this.#connecting = undefined;
      });
    return this.#connecting;
  }

  async #open(): Promise<void> {
    const { url, username, password } = this.#options.settings;
    const { signal } = this.#ending;
    const status = this.#topic('status');
    const options: IClientOptions = {
      ...(username !== '' && { username, password }),
      clientId: this.#clientId(),
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: TIMEOUT_MS,
      reconnectPeriod: 0, // it would send again what it has of before
      will: { topic: status, payload: Buffer.from(OFFLINE), ...RETAINED },
    };
    const client = await connectAsync(url, options, false);
    client.on('error', (error) => this.#drop(client, reasonOf(error)));
    client.on('close', () => this.#drop(client, 'the connection is lost'));
    try {
      const states = this.#retained.all;
      for (let i = 0; i < states.length; i += TOGETHER) {
        await timeBox(TIMEOUT_MS, signal, () => this.#publish(client, states.slice(i, i + TOGETHER)));
      }
      await timeBox(TIMEOUT_MS, signal, () => client.publishAsync(status, 'online', RETAINED));
    } catch (error) {
      client.end(true);
      throw error;
    }
    this.#client = client;
    this.#tries = 0;
    if (this.#outage !== undefined) this.#options.log.info({ output: 'mqtt' }, 'an alarm output is connected again');
    this.#outage = undefined;
  }

  /** The same after a restart, so that the broker ends what is left of the connection before it. */
  #clientId(): string {
    const { url, prefix } = this.#options.settings;
    const digest = createHash('sha256').update(`${hostname()}\n${url}\n${prefix}`).digest('hex');
    return `fenestra-${digest.slice(0, 12)}`; // every broker takes 23 characters
  }

  #drop(client: MqttClient, problem: string): void {
    client.end(true);
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#lose(problem);
  }

  #lose(problem: string): void {
    if (this.#ending.signal.aborted) return;
    const { clock, log } = this.#options;
    if (this.#outage === undefined) log.warn({ output: 'mqtt', problem }, 'an alarm output is not connected');
    this.#outage = { sinceMs: this.#outage?.sinceMs ?? clock.monotonicMs(), problem };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), backOffMs(++this.#tries, Math.random()));
    this.#timer.unref();
  }
}

/** Tags as one level of a topic: what a broker reads otherwise is written as `%` and its bytes. */
function topicLevel(tag: string): string {
  return tag.replace(/[^A-Za-z0-9._:-]/gu, (sign) => encodeURIComponent(sign).replace('+', '%2B'));
}

// Never with the address, which can hold a secret.
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : (message ?? 'it failed');
}
