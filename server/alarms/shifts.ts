// The plant's clock: where its hours, shifts and days begin.

import type { KpiPeriod } from '../wire/alarm-kpi.ts';

/** Ms since 1970 UTC; the end is not part of it. */
export interface Period {
  readonly beginMs: number;
  readonly endMs: number;
}

export interface PlantSettings {
  /** IANA name. */
  readonly timeZone: string;
  /** Where shifts begin by the plant's clocks, `hh:mm`, rising; each lasts until the next begins. */
  readonly shifts: readonly string[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days of the clocks that are looked at on both sides of a moment: a zone may skip one. */
const DAYS_AROUND = 2;
/** Hours of which the clocks are remembered; past it they are asked again. */
const HOURS_KEPT = 1000;
/** As far from 1970 as a `Date` goes. */
const LAST_MS = 8.64e15;

/**
 * Hours, shifts and days by the clocks of a plant. They follow each other
 * without a gap, whatever the clocks do: a day has 23 or 25 hours where they
 * change, an hour that comes twice is two hours, and a shift that begins at a
 * time that is skipped begins as much later as was skipped.
 */
export class PlantClock {
  readonly #offset: (timeMs: number) => number;
  /** Ms after midnight by the clocks. */
  readonly #shifts: readonly number[];

  constructor({ timeZone, shifts }: PlantSettings) {
    this.#offset = offsetReader(timeZone);
    this.#shifts = shifts.map((at) => (Number(at.slice(0, 2)) * 60 + Number(at.slice(3))) * MINUTE_MS);
  }

  /** The one that a moment lies in. */
  period(kind: KpiPeriod, timeMs: number): Period {
    const begins =
      kind === 'hour' ? this.#hours(timeMs) : this.#timesOfDay(kind === 'day' ? [0] : this.#shifts, timeMs);
    const beginMs = begins.findLast((beginMs) => beginMs <= timeMs) ?? timeMs;
    return { beginMs, endMs: begins.find((nextMs) => nextMs > timeMs) ?? timeMs };
  }

  /** What the clocks show, as `2026-11-21T14:03:22.500+09:00`. */
  written(timeMs: number): string {
    const offsetMs = this.#offset(timeMs);
    const minutes = Math.abs(offsetMs) / MINUTE_MS;
    const zone = [minutes / 60, minutes % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
    return `${new Date(timeMs + offsetMs).toISOString().slice(0, -1)}${offsetMs < 0 ? '-' : '+'}${zone}`;
  }

  /** Every full hour of the clocks around a moment, each time it comes. */
  #hours(timeMs: number): readonly number[] {
    const localMs = floorTo(timeMs + this.#offset(timeMs), HOUR_MS);
    return inOrder(span(-3, 3).flatMap((hours) => this.#moments(localMs + hours * HOUR_MS)));
  }

  /** These times of the days around a moment; where one comes twice, the first. */
  #timesOfDay(times: readonly number[], timeMs: number): readonly number[] {
    const midnightMs = floorTo(timeMs + this.#offset(timeMs), DAY_MS);
    const days = span(-DAYS_AROUND, DAYS_AROUND).map((day) => midnightMs + day * DAY_MS);
    return inOrder(days.flatMap((dayMs) => times.map((time) => this.#moments(dayMs + time)[0] as number)));
  }

  /** When the clocks show that: once or twice, and where they skip it, as much later as they skip. */
  #moments(localMs: number): readonly number[] {
    const [before, after] = [this.#offset(localMs - DAY_MS), this.#offset(localMs + DAY_MS)];
    const found = [before, after]
      .map((offsetMs) => localMs - offsetMs)
      .filter((timeMs) => timeMs + this.#offset(timeMs) === localMs);
    return found.length === 0 ? [localMs - before] : inOrder(found);
  }
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function span(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function inOrder(times: readonly number[]): readonly number[] {
  return [...new Set(times)].sort((a, b) => a - b);
}

/** How far the clocks of a zone are ahead of UTC, ms. Asking costs 0.1 ms: of an hour in which they do not change it is asked once. */
function offsetReader(timeZone: string): (timeMs: number) => number {
  const ask = offsetAsker(timeZone);
  const known = new Map<number, number | undefined>(); // undefined where they change within the hour
  return (timeMs) => {
    const hour = Math.floor(timeMs / HOUR_MS);
    if (!known.has(hour)) {
      if (known.size >= HOURS_KEPT) known.clear();
      const offsetMs = ask(hour * HOUR_MS);
      known.set(hour, offsetMs === ask((hour + 1) * HOUR_MS) ? offsetMs : undefined);
    }
    return known.get(hour) ?? ask(timeMs);
  };
}

function offsetAsker(timeZone: string): (timeMs: number) => number {
  const words = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (timeMs) => {
    const name =
      words.formatToParts(Math.max(-LAST_MS, Math.min(timeMs, LAST_MS))).find(({ type }) => type === 'timeZoneName')
        ?.value ?? '';
    const [, sign, hours, minutes, seconds] = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name) ?? []; // GMT alone is UTC
    if (sign === undefined) return 0;
    const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds ?? 0) * 1000;
    return sign === '-' ? -offsetMs : offsetMs;
  };
}
