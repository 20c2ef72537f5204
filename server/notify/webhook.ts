import { createHmac } from 'node:crypto';
import type { AlarmPriority } from '../wire/alarms.ts';
import { type AlertOptions, toAlertGroup } from './alertmanager.ts';
import { type Destination, Refused } from './destination.ts';
import { type AlarmMessage, isStanding, togetherId } from './message.ts';
import { timeBox } from './time-box.ts';
import { changesIncident } from './told-events.ts';

export interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  /** Signs what is sent; empty for no signature. */
  readonly secret: string;
  readonly priorities: readonly AlarmPriority[];
}

export interface WebhookOptions extends Pick<AlertOptions, 'site' | 'externalUrl'> {
  readonly settings: WebhookSettings;
  /** Server clock, ms since 1970 UTC. */
  readonly nowMs: () => number;
}

const TIMEOUT_MS = 10_000;
const TOGETHER = 64;
const REQUEST = { method: 'POST', redirect: 'manual' } as const;
/** Of what is sent, by their HTTP statuses; others are of who sends, or pass. */
const REFUSALS = [400, 413, 415, 422];

/**
 * Sends JSON as Alertmanager does. Follows no redirect, reads nothing of the
 * answer but its status, and waits 10 s for it. A signature is
 * `t=<s since 1970>,v1=<hex>`: the HMAC-SHA256 of `<t>.<body>`.
 */
export class Webhook implements Destination {
  readonly kind = 'webhook';
  readonly together = TOGETHER;
  readonly isOnceEach = true;
  readonly gatherMs = 0;
  readonly name: string;
  readonly #options: WebhookOptions;
  readonly #group: AlertOptions;

  constructor(options: WebhookOptions) {
    const { settings, site, externalUrl } = options;
    this.#options = options;
    this.name = settings.name;
    const isFiring = (message: AlarmMessage) => isStanding(message) && this.#isTold(message);
    this.#group = { receiver: settings.name, site, externalUrl, isFiring };
  }

  wants(message: AlarmMessage): boolean {
    // One that is of another priority from now on may have been told.
    return changesIncident(message) && (this.#isTold(message) || message.event === 'redefine');
  }

  async deliver(messages: readonly AlarmMessage[], signal: AbortSignal): Promise<void> {
    const body = JSON.stringify(toAlertGroup(messages, this.#group));
    const headers = this.#headers(messages, body);
    const status = await timeBox(TIMEOUT_MS, signal, async (signal) => {
      const response = await fetch(this.#options.settings.url, { ...REQUEST, body, headers, signal });
      await response.body?.cancel();
      return response.status;
    }).catch((error: unknown) => {
      throw new Error(`the receiver cannot be reached: ${reasonOf(error)}`);
    });
    if (status >= 200 && status < 300) return;
    const problem = `the receiver answered ${status}, expected 2xx`;
    throw REFUSALS.includes(status) ? new Refused(problem) : new Error(problem);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #isTold({ priority }: AlarmMessage): boolean {
    return this.#options.settings.priorities.includes(priority);
  }

  #headers(messages: readonly AlarmMessage[], body: string): Record<string, string> {
    const { settings, nowMs } = this.#options;
    const t = Math.floor(nowMs() / 1000);
    const v1 = createHmac('sha256', settings.secret).update(`${t}.${body}`).digest('hex');
    return {
      'Content-Type': 'application/json',
      'User-Agent': 'Fenestra',
      'Fenestra-Id': togetherId(messages),
      ...(settings.secret !== '' && { 'Fenestra-Signature': `t=${t},v1=${v1}` }),
    };
  }
}

// Never with the address, which can hold a secret.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  if (error.cause === undefined) return error instanceof TypeError ? error.name : error.message;
  const { code, name } = error.cause as { code?: unknown; name: string };
  return typeof code === 'string' ? code : name;
}
