import { type CapturePlace, comparePlaces, writePlace } from '../wire/capture-place.ts';
import type { CaptureReply, CapturesReply } from '../wire/captures.ts';
import { capturedTimes } from './captured-range.ts';
import { causeInWords } from './cause-words.ts';

/** What is wanted of the list; what is left out does not matter. */
export interface CaptureQuery {
  /** Looked for in identifier, channel, label and cause, whatever its case. */
  readonly search?: string | undefined;
  /** Any of these. */
  readonly channel?: readonly string[] | undefined;
  readonly state?: CaptureReply['state'] | undefined;
  readonly cause?: CaptureReply['cause']['kind'] | undefined;
  /** What a recording is of has time in common with it, ms since 1970 UTC. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Only those that stand below. */
  readonly before?: CapturePlace | undefined;
  readonly limit: number;
}

type Wanted = Omit<CaptureQuery, 'before' | 'limit'>;

/** The list of recordings as people see it, a copy of the one on the disk. */
export class CaptureList {
  readonly #captures = new Map<string, CaptureReply>();
  #inOrder: readonly CaptureReply[] | undefined;

  get(id: string): CaptureReply | undefined {
    return this.#captures.get(id);
  }

  set(capture: CaptureReply): void {
    this.#captures.set(capture.id, capture);
    this.#inOrder = undefined;
  }

  delete(id: string): void {
    this.#captures.delete(id);
    this.#inOrder = undefined;
  }

  /** Recordings that are there and whole. */
  get ready(): readonly CaptureReply[] {
    return [...this.#captures.values()].filter(({ state }) => state === 'ready');
  }

  /** Bytes of all recordings that are there. */
  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#captures.values()) sum += bytes;
    return sum;
  }

  /** Names of those that are there and not whole. */
  get damaged(): readonly string[] {
    const damaged = [...this.#captures.values()].filter(({ state, bytes }) => state === 'failed' && bytes > 0);
    return damaged.map(({ id }) => id);
  }

  /** The newest trigger first, whenever recordings were made. */
  find({ before, limit, ...query }: CaptureQuery): Pick<CapturesReply, 'captures' | 'total' | 'older'> {
    this.#inOrder ??= [...this.#captures.values()].sort(comparePlaces);
    const matching = this.#inOrder.filter((capture) => matches(capture, query));
    const below = before === undefined ? matching : matching.filter((capture) => comparePlaces(before, capture) < 0);
    const captures = below.slice(0, limit);
    const last = below.length > limit ? captures.at(-1) : undefined;
    return { captures, total: matching.length, ...(last && { older: writePlace(last) }) };
  }
}

function matches(capture: CaptureReply, query: Wanted): boolean {
  const { search, channel, state, cause } = query;
  if (channel !== undefined && !channel.includes(capture.channel)) return false;
  if (state !== undefined && capture.state !== state) return false;
  if (cause !== undefined && capture.cause.kind !== cause) return false;
  if (!isOfTime(capture, query)) return false;
  return search === undefined || textOf(capture).includes(search.toLowerCase());
}

function isOfTime(capture: CaptureReply, { from = -Infinity, to = Infinity }: Wanted): boolean {
  if (from === -Infinity && to === Infinity) return true;
  return capturedTimes(capture).some(
    ({ fromMs, toMs }) => Math.max(fromMs, from) <= to && Math.max(fromMs, from) < toMs,
  );
}

function textOf({ id, channel, label, cause, unit }: CaptureReply): string {
  return [id, channel, label, cause.kind, causeInWords(cause, unit)].join('\n').toLowerCase();
}
