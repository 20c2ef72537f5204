import { type Anomaly, drawAnomaly, drawLateIgnition } from './anomaly.ts';
import { Random } from './random.ts';

/** A stretch in which the plasma burns. */
export interface Run {
  readonly startMs: number;
  readonly endMs: number;
  /** In order of time, none of them overlapping. */
  readonly anomalies: readonly Anomaly[];
}

export interface ScheduleOptions {
  readonly seed: string;
  /** Anomalies a minute of burning plasma, on average. */
  readonly anomaliesPerMinute: number;
  /** When the first run begins. */
  readonly firstRunMs: number;
}

const RUN_MS = [120_000, 300_000] as const;
const PAUSE_MS = [2000, 6000] as const;
const LATE_IGNITION_SHARE = 0.2;
const SETTLE_MS = 500; // after ignition, and between anomalies

/** What happens on one channel, from its beginning for ever: run after run, by the seed alone. */
export class Schedule {
  readonly #random: Random;
  readonly #options: ScheduleOptions;
  #nextMs: number;

  constructor(options: ScheduleOptions) {
    this.#random = new Random(`${options.seed}/schedule`);
    this.#options = options;
    this.#nextMs = options.firstRunMs;
  }

  nextRun(): Run {
    const startMs = this.#nextMs;
    const endMs = startMs + this.#random.between(...RUN_MS);
    const anomalies = this.#drawAnomalies(startMs, endMs);
    this.#nextMs = endMs + this.#random.between(...PAUSE_MS);
    return { startMs, endMs, anomalies };
  }

  #drawAnomalies(startMs: number, endMs: number): Anomaly[] {
    const perMinute = this.#options.anomaliesPerMinute;
    const isLate = this.#random.uniform() < LATE_IGNITION_SHARE;
    if (perMinute === 0) return [];

    const anomalies = isLate ? [drawLateIgnition(this.#random, startMs)] : [];
    const meanMs = 60_000 / perMinute;
    let ms = (anomalies[0]?.endMs ?? startMs) + SETTLE_MS;
    for (;;) {
      const anomaly = drawAnomaly(this.#random, ms + this.#random.exponential(meanMs));
      if (anomaly.endMs + SETTLE_MS > endMs) return anomalies;
      anomalies.push(anomaly);
      ms = anomaly.endMs + SETTLE_MS;
    }
  }
}
