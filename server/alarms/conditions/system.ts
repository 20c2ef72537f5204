import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import type { AlarmFinding, SystemFigure } from '../../wire/alarms.ts';
import { Bounds } from './bounds.ts';
import { toFinite, type Verdict } from './condition.ts';

type System = Extract<AlarmCondition, { kind: 'system' }>;

/** A figure of the server passes a limit. */
export class SystemCondition {
  readonly input = 'figure';
  readonly figure: SystemFigure;
  readonly beganNs = undefined;
  readonly #bounds: Bounds;
  #value = 0;

  constructor({ figure, ...bounds }: System) {
    this.figure = figure;
    this.#bounds = new Bounds(bounds);
  }

  get finding(): AlarmFinding {
    return { value: toFinite(this.#value), limit: this.#bounds.limit };
  }

  take(value: number): Verdict {
    const isPassed = this.#bounds.put(value);
    if (isPassed) this.#value = value;
    return isPassed;
  }
}
