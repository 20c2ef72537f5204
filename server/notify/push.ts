import type { AlarmPriority } from '../wire/alarms.ts';
import { type Destination, Refused } from './destination.ts';
import { type AlarmMessage, togetherId } from './message.ts';
import type { PushBursts } from './push-bursts.ts';
import {
  BURST_ALARMS,
  burstOf,
  burstOver,
  endsCall,
  isCalling,
  isLate,
  type Notice,
  noticeOf,
} from './push-notices.ts';
import { sendPush } from './push-request.ts';
import type { Subscriber, Subscribers } from './subscribers.ts';
import type { Vapid } from './vapid.ts';

export interface PushOptions {
  /** The one of the settings whose browsers are told. */
  readonly service: string;
  readonly subscribers: Pick<Subscribers, 'all' | 'drop'>;
  readonly bursts: Pick<PushBursts, 'of' | 'keep'>;
  readonly vapid: Vapid;
  readonly priorities: readonly AlarmPriority[];
  /** Server clock, ms since 1970 UTC. */
  readonly nowMs: () => number;
}

const TOGETHER = 64;
/** So long the first waits for others, so that many at once are one notice, ms. */
const GATHER_MS = 500;
const AT_ONCE = 16;
/** Tries of a notice that others have got. */
const MISSED_TRIES = 5;
const GONE = [404, 410];
/** Of what is sent; other statuses are of who sends, or pass. */
const REFUSALS = [400, 413];

/** What became of a notice for one browser. */
type Outcome = 'taken' | { readonly problem: string; readonly isRefused: boolean };

/**
 * Calls the browsers of one push service by Web Push, and lets them be quiet again.
 * A browser that its service knows no more is removed. One that gets nothing while others
 * do holds them up for five tries; where none gets anything it is tried for ever.
 */
export class PushOutput implements Destination {
  readonly kind = 'push';
  readonly together = TOGETHER;
  readonly isOnceEach = true;
  readonly gatherMs = GATHER_MS;
  readonly name: string;
  readonly #options: PushOptions;
  /** Of what is under way: tries, and who has which notice. */
  #under = { id: '', tries: 0, done: new Set<string>() };
  #missed = 0;

  constructor(options: PushOptions) {
    this.#options = options;
    this.name = options.service;
  }

  /** Notices that single browsers did not get though others did. */
  get missed(): number {
    return this.#missed;
  }

  wants(message: AlarmMessage): boolean {
    const { priorities } = this.#options;
    if (priorities.includes(message.priority) && this.#subscribers.length > 0) {
      return isCalling(message) || endsCall(message);
    }
    return endsCall(message) && this.#burst.has(message.tag); // or the burst would never be over
  }

  async deliver(messages: readonly AlarmMessage[], signal: AbortSignal): Promise<void> {
    const id = togetherId(messages);
    if (this.#under.id !== id) this.#under = { id, tries: 0, done: new Set() };
    this.#under.tries++;
    const { notices, burst } = this.#plan(messages);
    for (const [i, notice] of notices.entries()) await this.#tell(notice, i, signal);
    await this.#options.bursts.keep(this.name, burst);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get #burst(): ReadonlySet<string> {
    return this.#options.bursts.of(this.name);
  }

  get #subscribers(): Subscriber[] {
    return this.#options.subscribers.all.filter(({ service }) => service === this.name);
  }

  /** What is to be told, and the burst after it. */
  #plan(messages: readonly AlarmMessage[]): { notices: Notice[]; burst: ReadonlySet<string> } {
    const nowMs = this.#options.nowMs();
    const told = messages.filter((message) => !isLate(message, nowMs));
    const calling = told.filter(isCalling);
    const isBurst = calling.length > BURST_ALARMS;
    const burst = new Set(this.#burst);
    for (const { tag } of messages) burst.delete(tag);
    if (isBurst) for (const { tag } of calling) burst.add(tag);
    const single = told.filter((message) => (isCalling(message) ? !isBurst : !this.#burst.has(message.tag)));
    return {
      notices: [
        ...single.map(noticeOf),
        ...(isBurst ? [burstOf(calling, burst.size)] : []),
        ...(this.#burst.size > 0 && burst.size === 0 ? [burstOver()] : []),
      ],
      burst,
    };
  }

  async #tell(notice: Notice, number: number, signal: AbortSignal): Promise<void> {
    const { done, tries } = this.#under;
    const everybody = this.#subscribers;
    const waiting = everybody.filter(({ id }) => !done.has(`${number} ${id}`));
    const failed: Exclude<Outcome, 'taken'>[] = [];
    for (let from = 0; from < waiting.length; from += AT_ONCE) {
      const some = waiting.slice(from, from + AT_ONCE);
      const outcomes = await Promise.all(some.map((one) => this.#send(one, notice, signal)));
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome === 'taken') done.add(`${number} ${some[i]!.id}`);
        else failed.push(outcome);
      }
    }
    if (failed.length === 0) return;
    const isTaken = everybody.some(({ id }) => done.has(`${number} ${id}`));
    if (isTaken && tries >= MISSED_TRIES) this.#missed += failed.length;
    else throw failure(failed, everybody.length, isTaken);
  }

  async #send(to: Subscriber, { inWords, ...how }: Notice, signal: AbortSignal): Promise<Outcome> {
    const { vapid, nowMs, subscribers } = this.#options;
    const request = { to, notice: inWords(to.language), vapid, nowMs: nowMs(), ...how };
    try {
      const status = await sendPush(request, signal);
      if (status >= 200 && status < 300) return 'taken';
      if (!GONE.includes(status)) {
        const problem = `the push service answered ${status}, expected 2xx`;
        return { problem, isRefused: REFUSALS.includes(status) };
      }
      await subscribers.drop(to.id);
      return 'taken';
    } catch (error) {
      return { problem: `the push service cannot be reached: ${reasonOf(error)}`, isRefused: false };
    }
  }
}

function failure(failed: readonly Exclude<Outcome, 'taken'>[], of: number, isTaken: boolean): Error {
  const words = `${failed.length} of ${of} browsers are not told: ${failed[0]!.problem}`;
  const isRefused = !isTaken && failed.every((one) => one.isRefused);
  return isRefused ? new Refused(words) : new Error(words);
}

// An address can be as long as it likes, and is a secret.
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : (message ?? 'it failed');
}
