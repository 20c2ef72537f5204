import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { CaptureSettings, Config } from '../config.ts';
import { defaultFullScale } from '../kernels/sample-type.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { RawRing, RawRings, RingWatch } from '../trend/raw-ring.ts';
import type { CaptureCause, CaptureReply } from '../wire/captures.ts';
import { CaptureBudget } from './capture-budget.ts';
import type { FromCapture, ToCapture } from './capture-link.ts';
import { type CaptureOrder, type CapturePlan, lackOf, planCapture } from './capture-plan.ts';
import { Pin } from './pin.ts';
import { timeOfIndex } from './raw-place.ts';
import type { CaptureStatus } from './recording-status.ts';
import { Threshold } from './threshold.ts';

// What is copied in one turn, and so holds up the sensors: more where turns come late, because they are held up themselves.
const TURN_BYTES = 4 << 20;
const TURN_MS = 10;
const LATE_TURNS = 4;
// What is copied and not on the disk yet.
const IN_FLIGHT_BYTES = 64 << 20;
// What waits for the end of an alarm's delay.
const HOLD_LIMIT = 16;
const HOLD_MS = 600_000;
/** A channel without a sample for so long does not end its recordings any more. */
const SILENT_MS = 10_000;

export interface CaptureControlOptions {
  readonly rings: RawRings;
  readonly settings: CaptureSettings;
  readonly channels: Config['channels'];
  readonly clock: Clock;
  /** Makes an identifier, never the same twice, that is also a good name of a file. */
  readonly makeId: (nowMs: number) => string;
  readonly post: (message: ToCapture, transfer?: readonly ArrayBuffer[]) => void;
}

/**
 * Takes ranges out of the rings and hands them to the thread that writes.
 *
 * It never waits: what that thread does not take in time stays in the ring
 * until it is overtaken, and then the recording ends there and says so.
 */
export class CaptureControl {
  readonly #options: CaptureControlOptions;
  readonly #budget: CaptureBudget;
  readonly #thresholds = new Map<string, Threshold>();
  readonly #pins = new Map<string, { readonly pin: Pin; grownMs: number; end: number }>();
  readonly #holds = new Map<string, Hold>();
  readonly #muted = new Set<string>(); // channels whose threshold was refused, and that was listed
  #turnedMs = 0;
  #inFlightBytes = 0;
  #createdMs = 0;
  #begun = 0;
  #refused = 0;
  #shortened = 0;
  #expired = 0;

  constructor(options: CaptureControlOptions) {
    this.#options = options;
    this.#budget = new CaptureBudget(options.settings);
    for (const [channel, { capture }] of Object.entries(options.channels)) {
      if (capture !== undefined) this.#thresholds.set(channel, new Threshold(capture));
    }
  }

  status(): CaptureStatus {
    return {
      active: this.#budget.active,
      inFlightBytes: this.#inFlightBytes,
      begun: this.#begun,
      refused: this.#refused,
      shortened: this.#shortened,
      held: this.#holds.size,
      expired: this.#expired,
      lacksRoom: this.#budget.lacksRoom,
    };
  }

  /**
   * Begins a recording and returns what is known of it: also where it is
   * refused, which its `note` explains, as with a `refusal`. Throws `CHANNEL_UNKNOWN` where the
   * channel has no samples, and `REQUEST_INVALID`.
   */
  request(order: CaptureOrder, refusal?: string): CaptureReply {
    const ring = this.#options.rings.find(order.channel);
    if (ring === undefined) {
      throw new AppError('CHANNEL_UNKNOWN', `no samples of a channel ${order.channel}: none came in the last minute`);
    }
    return this.#begin(ring, order, planCapture(ring, order.span), refusal);
  }

  /**
   * Begins a recording while it is not known yet whether it is wanted: when a
   * condition begins, before it has lasted long enough to be announced. To be
   * confirmed or released within ten minutes; it is released where it is not.
   * Only what is confirmed counts in the end for what an hour may have.
   */
  hold(order: CaptureOrder): CaptureReply {
    const isFull = this.#holds.size >= HOLD_LIMIT;
    const capture = this.request(order, isFull ? `${HOLD_LIMIT} recordings wait to be confirmed` : undefined);
    if (capture.state === 'recording') {
      this.#holds.set(capture.id, { untilMs: this.#options.clock.monotonicMs() + HOLD_MS, end: undefined });
    }
    return capture;
  }

  /** It is wanted, for this cause. False where it is held no more. */
  confirm(id: string, cause: CaptureCause): boolean {
    const hold = this.#holds.get(id);
    if (hold === undefined) return false;
    this.#holds.delete(id);
    this.#options.post({ kind: 'confirm', id, cause });
    if (hold.end !== undefined) this.#options.post(hold.end);
    return true;
  }

  /** A recording that is held or under way is not wanted: it stops, and nothing of it is kept. */
  release(id: string): void {
    const isHeld = this.#holds.delete(id);
    if (isHeld) this.#budget.giveBack(id);
    const isPinned = this.#pins.delete(id);
    if (isHeld || isPinned) this.#options.post({ kind: 'drop', id });
  }

  /** Looks for samples of the channel beyond its limits as they come; undefined where it has none. */
  watchOf(channel: string): RingWatch | undefined {
    const threshold = this.#thresholds.get(channel);
    if (threshold === undefined) return undefined;
    const { before_seconds: beforeSeconds, after_seconds: afterSeconds } = threshold.settings;
    return (ring, fresh) => {
      for (const { index, value, limit } of threshold.look(ring, fresh)) {
        const cause = { kind: 'threshold', limit, value } as const;
        const span = { kind: 'around', index, beforeSeconds, afterSeconds } as const;
        this.#begin(ring, { channel, cause, span }, planCapture(ring, span));
      }
    };
  }

  /** Copies what can be copied, what is overtaken soonest first. To be called every 10 ms. */
  turn(): void {
    if (this.#pins.size + this.#holds.size === 0) return;
    const nowMs = this.#options.clock.monotonicMs();
    this.#expire(nowMs);
    const late = Math.min(LATE_TURNS, Math.max(1, (nowMs - this.#turnedMs) / TURN_MS));
    this.#turnedMs = nowMs;
    let bytes = TURN_BYTES * late;
    const urgent = [...this.#pins.values()].sort((a, b) => a.pin.slackSeconds - b.pin.slackSeconds);
    for (const entry of urgent) {
      bytes -= this.#copy(entry.pin, bytes);
      if (entry.end !== entry.pin.ring.end) entry.grownMs = nowMs;
      entry.end = entry.pin.ring.end;
      if (entry.pin.isDone) this.#end(entry.pin);
      else if (entry.pin.slackSeconds < 0) this.#end(entry.pin, 'samples came faster than they could be written');
      else if (nowMs - entry.grownMs > SILENT_MS) this.#end(entry.pin, 'no more samples came');
    }
  }

  /** The ring is about to be given back. */
  leave(ring: RawRing): void {
    for (const { pin } of [...this.#pins.values()]) {
      if (pin.ring !== ring) continue;
      this.#copy(pin, Number.POSITIVE_INFINITY);
      this.#end(pin, pin.isDone ? undefined : 'its stream ended');
    }
  }

  /** Ends all recordings with what there is, and keeps those that are held: nobody can say any more that they are not wanted. */
  close(): void {
    for (const { end } of this.#holds.values()) if (end !== undefined) this.#options.post(end);
    this.#holds.clear();
    for (const { pin } of [...this.#pins.values()]) {
      this.#copy(pin, Number.POSITIVE_INFINITY);
      this.#end(pin, pin.isDone ? undefined : 'the server was stopped');
    }
  }

  receive(message: FromCapture): void {
    switch (message.kind) {
      case 'taken':
        this.#inFlightBytes -= message.bytes;
        break;
      case 'stored':
        this.#budget.setStored(message);
        break;
      case 'over':
        if (this.#pins.delete(message.id) || this.#holds.get(message.id)?.end)
          this.#options.post({ kind: 'end', id: message.id, overtaken: 0 }); // it failed
        this.#holds.delete(message.id);
        this.#budget.end(message.id);
        this.#budget.setStored(message);
        break;
    }
  }

  #begin(ring: RawRing, { channel, cause }: CaptureOrder, plan: CapturePlan, refusal?: string): CaptureReply {
    const nowMs = this.#options.clock.nowMs();
    this.#createdMs = Math.max(nowMs, this.#createdMs + 1); // the order they were made in, whatever the clock does
    const bytes = (plan.to - plan.from) * ring.sampleBytes;
    const wish = { channel, cause: cause.kind, bytes, nowMs };
    const note = refusal ?? lackOf(ring, plan) ?? this.#budget.refusal(wish);
    const capture = this.#describe(ring, { channel, cause }, plan);
    if (note !== undefined) return this.#refuse({ ...capture, state: 'refused', note });

    const { id } = capture;
    const pin = new Pin({ id, ring, from: plan.from, to: plan.to });
    this.#budget.begin(id, wish);
    this.#muted.delete(channel);
    this.#begun++;
    this.#pins.set(id, { pin, grownMs: this.#options.clock.monotonicMs(), end: ring.end });
    this.#options.post({ kind: 'begin', capture, info: ring.info });
    return capture;
  }

  #describe(
    ring: RawRing,
    { channel, cause }: Pick<CaptureOrder, 'channel' | 'cause'>,
    plan: CapturePlan,
  ): CaptureReply {
    const { info, form } = ring;
    const label = Object.hasOwn(this.#options.channels, channel) ? this.#options.channels[channel]?.label : undefined;
    const fullScale = form.fullScale ?? defaultFullScale(DATATYPES.get(info.datatype)!.type);
    return {
      id: this.#options.makeId(this.#createdMs),
      state: 'recording',
      channel,
      label: label ?? channel,
      stream: info.stream,
      unit: info.unit,
      datatype: info.datatype,
      rateHz: info.rateHz,
      scale: form.scale,
      offset: form.offset,
      ...(fullScale.every(Number.isFinite) && { fullScale }),
      triggerSample: plan.trigger,
      triggerMs: Number(timeOfIndex(ring, plan.trigger)) / 1e6,
      from: plan.from,
      to: plan.to,
      segments: [],
      overtaken: 0,
      samples: 0,
      bytes: 0,
      sha512: '',
      cause,
      createdMs: this.#createdMs,
      overview: { cell: 0, levels: [] },
    };
  }

  // A signal that sits at its limit would fill the list; of refusals in a row the first is listed, all are counted.
  #refuse(capture: CaptureReply): CaptureReply {
    this.#refused++;
    if (capture.cause.kind === 'threshold') {
      if (this.#muted.has(capture.channel)) return capture;
      this.#muted.add(capture.channel);
    }
    this.#options.post({ kind: 'refused', capture });
    return capture;
  }

  #copy(pin: Pin, limit: number): number {
    let copied = 0;
    while (copied < limit && this.#inFlightBytes < IN_FLIGHT_BYTES) {
      const piece = pin.copy(limit - copied);
      if (piece === undefined) break;
      copied += piece.buffer.byteLength;
      this.#inFlightBytes += piece.buffer.byteLength;
      this.#options.post({ kind: 'samples', id: pin.id, piece }, [piece.buffer]);
    }
    return copied;
  }

  #end(pin: Pin, note?: string): void {
    this.#pins.delete(pin.id);
    if (note !== undefined) this.#shortened++;
    const message = note === undefined ? undefined : `${note}, ${pin.left} samples before its end`;
    const end = { kind: 'end', id: pin.id, overtaken: pin.overtaken, ...(message && { note: message }) } as const;
    const hold = this.#holds.get(pin.id);
    if (hold === undefined) this.#options.post(end);
    else hold.end = end;
  }

  #expire(nowMs: number): void {
    for (const [id, { untilMs }] of this.#holds) {
      if (nowMs < untilMs) continue;
      this.release(id);
      this.#expired++;
    }
  }
}

interface Hold {
  readonly untilMs: number;
  /** All of it is copied; said when it is confirmed. */
  end: ToCapture | undefined;
}
