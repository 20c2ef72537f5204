import type { Logger } from './base/log.ts';
import { capturedRange } from './capture/captured-range.ts';
import type { Pin } from './history/pins.ts';
import type { HistoryCalls } from './history-thread.ts';
import type { CaptureReply } from './wire/captures.ts';

export interface KeptPastOptions {
  /** Rejects where there is no history. */
  readonly history: () => Promise<Pick<HistoryCalls, 'pin' | 'replacePins'>>;
  readonly log: Logger;
  readonly retryMs?: number;
}

/** Of a disk that is full, or a database that is opened anew. */
const RETRY_MS = 5000;

/**
 * Has the history keep the trend around recordings. What it could not be told
 * is told again until it knows: retention would take away what a recording
 * refers to. Holds at most what there are recordings.
 */
export class KeptPast {
  readonly #options: KeptPastOptions;
  /** To be all that is pinned; undefined once that is so. */
  #list: { readonly pins: readonly Pin[]; readonly spared: readonly string[] } | undefined;
  /** Recordings that came after `#list`, by name. */
  readonly #added = new Map<string, Pin>();
  #isListed = false;
  #isTelling = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #problem: string | undefined;

  constructor(options: KeptPastOptions) {
    this.#options = options;
  }

  /** Why the trend around recordings is not safe from retention, in words. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether it is known what recordings there are: until then retention removes nothing. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** These are all recordings that there are, but for those in `spared`, of which nothing else is known. */
  keepAll(ready: readonly CaptureReply[], spared: readonly string[]): void {
    this.#isListed = true;
    this.#list = { pins: ready.map(pinOf), spared };
    this.#added.clear();
    void this.#tell();
  }

  /** One more recording. */
  keep(capture: CaptureReply): void {
    this.#added.set(capture.id, pinOf(capture));
    void this.#tell();
  }

  /** What is not known by now is told after the next start. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
  }

  async #tell(): Promise<void> {
    if (this.#isTelling || this.#isClosed) return;
    this.#isTelling = true;
    clearTimeout(this.#retry);
    try {
      const history = await this.#options.history();
      while (this.#list !== undefined || this.#added.size > 0) await this.#tellNext(history);
      this.#problem = undefined;
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#isTelling = false;
    }
  }

  // More may be wanted while the history writes: only what it has been told is forgotten.
  async #tellNext(history: Pick<HistoryCalls, 'pin' | 'replacePins'>): Promise<void> {
    const list = this.#list;
    if (list !== undefined) {
      await history.replacePins(list.pins, list.spared);
      if (this.#list === list) this.#list = undefined;
      return;
    }
    const [pin] = [...this.#added.values()] as [Pin, ...Pin[]];
    await history.pin(pin);
    if (this.#added.get(pin.id) === pin) this.#added.delete(pin.id);
  }

  #fail(error: Error): void {
    if (this.#isClosed) return;
    const { log, retryMs = RETRY_MS } = this.#options;
    if (this.#problem === undefined)
      log.warn({ err: error }, 'the trend around recordings is not safe from retention yet; it is tried again');
    this.#problem = `the trend around recordings is not safe from retention: ${error.message}`;
    this.#retry = setTimeout(() => void this.#tell(), retryMs).unref();
  }
}

// The trend around a recording outlives its age. A recording has a segment, or it would not be ready.
function pinOf(capture: CaptureReply): Pin {
  const { fromMs, toMs } = capturedRange(capture);
  return { id: capture.id, channel: capture.channel, fromNs: toNs(fromMs), toNs: toNs(toMs) };
}

function toNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}
