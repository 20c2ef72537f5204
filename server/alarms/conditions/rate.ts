import type { TrendWindow } from '../../trend/trend-window.ts';
import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import type { AlarmFinding } from '../../wire/alarms.ts';
import { Bounds } from './bounds.ts';
import { isMeasured, toFinite, type Verdict } from './condition.ts';
import { BLOCKS, Slope } from './slope.ts';

type Rate = Extract<AlarmCondition, { kind: 'rate' }>;

/**
 * The mean changes too fast: the slope through the means of the last
 * `overSeconds`, or of two windows where those are longer, passes a limit, in
 * the channel's unit a second.
 *
 * Time is counted in the stream's windows, so steps of its clock change
 * nothing. There is no slope before `overSeconds` have been seen; a hole of
 * more than a 32nd of them, and a new stream, begin anew: what went on unseen
 * is no slope that was measured. Until there is one again, the condition is as
 * it was.
 */
export class RateCondition {
  readonly input = 'window';
  readonly #overSeconds: number;
  readonly #bounds: Bounds;
  #slope: Slope;
  #stream: string | undefined;
  #windowSeconds = 0;
  #first = 0;
  #last = 0;
  #hole = 0; // windows
  #value = 0;
  #beganNs: bigint | undefined;

  constructor({ overSeconds, ...bounds }: Rate) {
    this.#overSeconds = overSeconds;
    this.#bounds = new Bounds(bounds);
    this.#slope = new Slope(overSeconds);
  }

  get finding(): AlarmFinding {
    return { value: toFinite(this.#value), limit: this.#bounds.limit };
  }

  get beganNs(): bigint | undefined {
    return this.#beganNs;
  }

  take(window: TrendWindow): Verdict {
    if (!isMeasured(window)) return undefined;
    const { stream, index } = window;
    if (stream !== this.#stream) this.#begin(window);
    else if (index <= this.#last) return undefined;
    else if (index - this.#last - 1 > this.#hole) this.#beginAt(index);
    this.#last = index;

    const slope = this.#slope.add(index * this.#windowSeconds, window.summary.mean);
    const seenSeconds = (index + 1 - this.#first) * this.#windowSeconds;
    if (seenSeconds < this.#overSeconds || !Number.isFinite(slope)) return undefined;
    const isFast = this.#bounds.put(slope);
    if (isFast) {
      this.#value = slope;
      this.#beganNs = window.timeNs;
    }
    return isFast;
  }

  #begin({ stream, index, size, rateHz }: TrendWindow): void {
    this.#stream = stream;
    this.#windowSeconds = size / rateHz;
    const seconds = Math.max(this.#overSeconds, 2 * this.#windowSeconds);
    this.#slope = new Slope(seconds);
    this.#hole = Math.max(Math.floor(seconds / BLOCKS / this.#windowSeconds), 1);
    this.#first = index;
  }

  #beginAt(index: number): void {
    this.#slope.clear();
    this.#first = index;
  }
}
