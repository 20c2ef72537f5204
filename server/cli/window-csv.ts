import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { formatTime } from '../sigmf/time.ts';
import { deviation } from '../trend/summary.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { FIGURE_COLUMNS, flagWords } from '../wire/row-flag.ts';

export const WINDOW_COLUMNS = ['window', 'time', ...FIGURE_COLUMNS] as const;

/**
 * Writes windows as CSV lines that read back to the same numbers. Figures of
 * a window without finite samples are left empty.
 */
export class WindowCsv {
  readonly #out: Writable;
  readonly #hasDates: boolean;
  #failure: Error | undefined;

  /** `hasDates`: times are dates in UTC; else they are seconds since sample 0. */
  constructor(out: Writable, hasDates: boolean) {
    this.#out = out;
    this.#hasDates = hasDates;
    // It may come between two writes, and no `drain` ever comes after it.
    out.on('error', (error) => {
      this.#failure ??= error;
    });
    out.write(`${WINDOW_COLUMNS.join(',')}\n`);
  }

  /** Resolves when there is room for more. Rejects with what the output has failed of, also before. */
  async write(window: TrendWindow): Promise<void> {
    const { index, summary, flags } = window;
    const { min, max, mean, count, clipped, nonfinite } = summary;
    const figures = count === 0 ? ',,,' : `${min},${max},${mean},${deviation(summary)}`;
    const line = `${index},${this.#time(window)},${figures},${count},${clipped},${nonfinite},${flagWords(flags)}\n`;
    this.#check();
    if (!this.#out.write(line)) await once(this.#out, 'drain');
  }

  /** Resolves when the system has all that was written. Rejects as `write` does. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.#out.write('', () => resolve()));
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #time({ timeNs }: TrendWindow): string {
    if (this.#hasDates) return formatTime(timeNs);
    const digits = String(timeNs < 0n ? -timeNs : timeNs).padStart(10, '0');
    return `${timeNs < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
  }
}
