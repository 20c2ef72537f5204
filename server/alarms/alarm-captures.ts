import type { CaptureCause } from '../wire/captures.ts';
import type { DefinedAlarm } from './definition-alarms.ts';

/** A range of raw samples of a channel, of the sample clock, ns since 1970 UTC, and why it is recorded. */
export interface RangeOrder {
  readonly channel: string;
  readonly cause: CaptureCause;
  readonly span: { readonly kind: 'between'; readonly fromNs: bigint; readonly toNs: bigint };
}

/** What makes recordings. All reject with `AppError`. */
export interface RecordingDesk {
  /** Begins a recording; resolves to its identifier, also where it is refused. */
  capture(order: RangeOrder): Promise<string>;
  /** The same, to be confirmed or released. */
  hold(order: RangeOrder): Promise<string>;
  /** False where it is not held: it was refused, or has waited for too long. */
  confirm(id: string, cause: CaptureCause): Promise<boolean>;
  release(id: string): Promise<void>;
  /** Whether the recording is known by that identifier, with the reason where it was refused. */
  isListed(id: string): Promise<boolean>;
}

/** The desk of a thread that is there later; rejects where there is none. */
export function lateDesk(
  desk: () => Promise<Omit<RecordingDesk, 'isListed'>>,
  isListed: RecordingDesk['isListed'],
): RecordingDesk {
  return {
    capture: async (order) => (await desk()).capture(order),
    hold: async (order) => (await desk()).hold(order),
    confirm: async (id, cause) => (await desk()).confirm(id, cause),
    release: async (id) => (await desk()).release(id),
    isListed,
  };
}

export interface AlarmCapturesOptions {
  readonly desk: RecordingDesk;
  /** The recording of an occurrence is under way, or its refusal is listed. */
  readonly onCapture: (tag: string, occurrence: number, capture: string) => void;
}

/** What a raise tells of its condition. */
export interface RaisedOccurrence {
  readonly occurrence: number;
  readonly beganNs: bigint | undefined;
  readonly isHidden: boolean;
}

/** Recordings that are asked for and not answered; more are not asked for. */
const ASKED = 64;
/** The range of a recording may end so long after its newest sample. */
const AHEAD_NS = 3_600_000_000_000n;

/**
 * Records raw samples around the beginnings of alarms whose definitions say
 * so. What is before a condition's beginning is held while it is not known
 * whether that lasts; alarms never wait for it.
 */
export class AlarmCaptures {
  readonly #options: AlarmCapturesOptions;
  readonly #held = new Map<string, Promise<string | undefined>>();
  #asked = 0;
  #failed = 0;

  constructor(options: AlarmCapturesOptions) {
    this.#options = options;
  }

  /** Recordings that there is nothing of, since the start. */
  get failed(): number {
    return this.#failed;
  }

  /** The condition is there and has not lasted. */
  begin(alarm: DefinedAlarm, beganNs: bigint | undefined): void {
    this.end(alarm.tag);
    const order = orderOf(alarm, beganNs);
    const held = order && this.#ask((desk) => desk.hold(order));
    if (held !== undefined) this.#held.set(alarm.tag, held);
  }

  /** It is over and was not announced. */
  end(tag: string): void {
    const held = this.#take(tag);
    if (held !== undefined) void this.#release(held);
  }

  /** It is announced. */
  raise(alarm: DefinedAlarm, { occurrence, beganNs, isHidden }: RaisedOccurrence): void {
    if (isHidden) this.end(alarm.tag);
    const order = orderOf(alarm, beganNs);
    if (isHidden || order === undefined) return;
    const { tag } = alarm;
    void this.#announce(order, this.#take(tag)).then((id) => {
      if (id !== undefined) this.#options.onCapture(tag, occurrence, id);
    });
  }

  #take(tag: string): Promise<string | undefined> | undefined {
    const held = this.#held.get(tag);
    this.#held.delete(tag);
    return held;
  }

  async #announce(order: RangeOrder, held: Promise<string | undefined> | undefined): Promise<string | undefined> {
    const { desk } = this.#options;
    const id = await (held ?? this.#ask(() => desk.capture(order)));
    if (id === undefined || held === undefined) return id;
    const isConfirmed = await desk.confirm(id, order.cause).catch(() => false);
    if (isConfirmed || (await desk.isListed(id).catch(() => false))) return id;
    this.#failed++;
    return undefined;
  }

  async #release(held: Promise<string | undefined>): Promise<void> {
    const id = await held;
    if (id !== undefined) await this.#options.desk.release(id).catch(() => undefined); // it ends by itself then
  }

  async #ask(call: (desk: RecordingDesk) => Promise<string>): Promise<string | undefined> {
    if (this.#asked >= ASKED) {
      this.#failed++;
      return undefined;
    }
    this.#asked++;
    try {
      return await call(this.#options.desk);
    } catch {
      this.#failed++;
      return undefined;
    } finally {
      this.#asked--;
    }
  }
}

function orderOf({ tag, channel, definition }: DefinedAlarm, beganNs: bigint | undefined): RangeOrder | undefined {
  const { capture, title, onDelaySeconds } = definition;
  if (capture === undefined || channel === undefined || beganNs === undefined) return undefined;
  const afterNs = toNs(onDelaySeconds + capture.afterSeconds);
  const span = {
    kind: 'between',
    fromNs: beganNs - toNs(capture.beforeSeconds),
    toNs: beganNs + (afterNs < AHEAD_NS ? afterNs : AHEAD_NS),
  } as const;
  return { channel, cause: { kind: 'alarm', text: `${tag}: ${title.en}` }, span };
}

function toNs(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}
