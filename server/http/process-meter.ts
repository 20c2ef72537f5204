import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../base/clock.ts';
import type { SystemReply } from '../wire/rest.ts';

const INTERVAL_MS = 1000;
const RESOLUTION_MS = 10;

/** Measures this process second by second: CPU of all threads, and how late its event loop runs. */
export class ProcessMeter {
  readonly #clock: Clock;
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #cpuMicros = cpuMicros();
  #atMs: number;
  #cpu = 0;
  #loopDelayP99Ms = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs();
    this.#delay.enable();
    this.#timer = setInterval(() => this.#measure(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** The newest whole second's figures; zeros in the first. */
  read(): SystemReply['process'] {
    const { rss, heapUsed } = process.memoryUsage();
    return { rssBytes: rss, heapBytes: heapUsed, cpu: this.#cpu, loopDelayP99Ms: this.#loopDelayP99Ms };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  #measure(): void {
    const nowMs = this.#clock.monotonicMs();
    const micros = cpuMicros();
    this.#cpu = (micros - this.#cpuMicros) / 1000 / (nowMs - this.#atMs);
    // The histogram holds whole intervals; what is beyond the resolution is the delay.
    this.#loopDelayP99Ms = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
    this.#delay.reset();
    this.#cpuMicros = micros;
    this.#atMs = nowMs;
  }
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
