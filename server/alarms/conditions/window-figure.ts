import type { Summary } from '../../trend/summary.ts';
import type { TrendWindow } from '../../trend/trend-window.ts';
import type { AlarmFinding } from '../../wire/alarms.ts';
import { OfLast, type OfLastRule } from '../of-last.ts';
import type { Bounds } from './bounds.ts';
import { isMeasured, toFinite, type Verdict } from './condition.ts';

export interface WindowFigureOptions {
  readonly figureOf: (summary: Summary) => number;
  readonly bounds: Bounds;
  /** What is told to have been passed, where that is not the bound. */
  readonly limit?: number;
  readonly ofLast?: OfLastRule | undefined;
}

/** A figure of each window is outside its bounds, in so many of the last windows. Goes on with the channel's next stream. */
export class WindowFigure {
  readonly input = 'window';
  readonly #figureOf: (summary: Summary) => number;
  readonly #bounds: Bounds;
  readonly #told: number | undefined;
  readonly #ofLast: OfLast;
  #value = 0;
  #limit = 0;

  constructor({ figureOf, bounds, limit, ofLast }: WindowFigureOptions) {
    this.#figureOf = figureOf;
    this.#bounds = bounds;
    this.#told = limit;
    this.#ofLast = new OfLast(ofLast);
  }

  get finding(): AlarmFinding {
    return { value: toFinite(this.#value), limit: this.#told ?? this.#limit };
  }

  get beganNs(): bigint | undefined {
    return this.#ofLast.beganNs;
  }

  take(window: TrendWindow): Verdict {
    if (!isMeasured(window)) return undefined;
    const value = this.#figureOf(window.summary);
    const isOutside = this.#bounds.put(value);
    if (isOutside === undefined) return undefined;
    if (isOutside) {
      this.#value = value;
      this.#limit = this.#bounds.limit;
    }
    return this.#ofLast.put(isOutside, window.timeNs);
  }
}
