import { backOffMs } from './back-off.ts';
import type { LinkTimers } from './hub-link.ts';

export interface LoaderOptions<T> {
  readonly attempt: () => Promise<T>;
  readonly timers: LinkTimers;
  /** Called after each attempt that failed, with how many have. */
  readonly onFailure: (failures: number) => void;
}

/**
 * A part of the page that is had from the server when it is first needed. What
 * failed is tried again when next asked for, after a pause that grows to five seconds.
 */
export class Loader<T> {
  readonly #options: LoaderOptions<T>;
  #failures = 0;
  #loading: Promise<T> | undefined;

  constructor(options: LoaderOptions<T>) {
    this.#options = options;
  }

  /** Whether the last attempt failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** The part, or a rejection after one attempt. All who ask share what is under way. */
  load(): Promise<T> {
    this.#loading ??= this.#try();
    return this.#loading;
  }

  async #try(): Promise<T> {
    const { attempt, timers, onFailure } = this.#options;
    if (this.isFailing) {
      const pauseMs = backOffMs(this.#failures - 1, timers.random());
      await new Promise<void>((resolve) => timers.after(pauseMs, resolve));
    }
    try {
      const part = await attempt();
      this.#failures = 0;
      return part;
    } catch (error) {
      this.#failures++;
      this.#loading = undefined;
      onFailure(this.#failures);
      throw error;
    }
  }
}
