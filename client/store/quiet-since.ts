import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import type { AlarmJournalReply } from '../../server/wire/alarm-search.ts';
import type { AlarmStore } from './alarms.ts';
import { Current, type Store } from './store.ts';

/** What an alarm that was shown goes by: it is over, or something hides it. */
const ENDS = 'clear,acknowledge,reset,shelve,suppress,out-of-service,remove';
/** Newest of those that are looked through. */
const LOOKED = '100';

export interface QuietSinceSources {
  readonly alarms: AlarmStore;
  /** The server's clock, ms since 1970 UTC; undefined before it first spoke. */
  readonly nowMs: () => number | undefined;
  /** Asks the journal, the newest first. */
  readonly entries: (query: {
    readonly event: string;
    readonly limit: string;
  }) => Promise<Pick<AlarmJournalReply, 'entries'>>;
}

/** Since when no alarm is shown, by the server's clock, ms since 1970 UTC; undefined while one is, or nobody knows. */
export class QuietSince implements Store<number | undefined> {
  readonly #sources: QuietSinceSources;
  readonly #current = new Current<number | undefined>(undefined);
  #state: 'unknown' | 'loud' | 'quiet' = 'unknown';

  constructor(sources: QuietSinceSources) {
    this.#sources = sources;
    sources.alarms.subscribe(() => this.#look());
  }

  get value(): number | undefined {
    return this.#current.value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#current.subscribe(onChange);
  }

  // What ends in the page's sight ends now; what did before is in the journal.
  #look(): void {
    const { alarms, nowMs } = this.#sources;
    const { isKnown, isStale, shown } = alarms.value;
    if (!isKnown || isStale) return;
    const was = this.#state;
    this.#state = shown.length > 0 ? 'loud' : 'quiet';
    if (this.#state === was) return;
    this.#current.set(this.#state === 'quiet' && was === 'loud' ? nowMs() : undefined);
    if (this.#state === 'quiet' && was === 'unknown') void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      const { entries } = await this.#sources.entries({ event: ENDS, limit: LOOKED });
      if (this.#state === 'quiet') this.#current.set(entries.find(isEnd)?.atMs);
    } catch {
      // no line: the page goes without it
    }
  }
}

/** Whether the alarm was shown before it, and is not after it. */
function isEnd({ event, state, hidden }: AlarmEntry): boolean {
  if (event === 'remove') return hidden.length === 0;
  const isHiding = event === 'shelve' || event === 'suppress' || event === 'out-of-service';
  return isHiding ? hidden.length === 1 && state !== 'normal' : hidden.length === 0 && state === 'normal';
}
