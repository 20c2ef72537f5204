import type { CaptureReply, CapturesReply } from '../wire/captures.ts';
import { causeInWords } from './cause-words.ts';

/** What is wanted of the list; what is left out does not matter. */
export interface CaptureQuery {
  /** Looked for in identifier, channel, label and cause, whatever its case. */
  readonly search?: string | undefined;
  /** Any of these. */
  readonly channel?: readonly string[] | undefined;
  readonly state?: CaptureReply['state'] | undefined;
  readonly cause?: CaptureReply['cause']['kind'] | undefined;
  /** Of the trigger, ms since 1970 UTC. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Only those made before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The list of recordings as people see it, a copy of the one on the disk. */
export class CaptureList {
  readonly #captures = new Map<string, CaptureReply>();
  #newestFirst: readonly CaptureReply[] | undefined;

  get(id: string): CaptureReply | undefined {
    return this.#captures.get(id);
  }

  set(capture: CaptureReply): void {
    this.#captures.set(capture.id, capture);
    this.#newestFirst = undefined;
  }

  delete(id: string): void {
    this.#captures.delete(id);
    this.#newestFirst = undefined;
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

  find({ before = Infinity, limit, ...query }: CaptureQuery): Pick<CapturesReply, 'captures' | 'total'> {
    this.#newestFirst ??= [...this.#captures.values()].sort((a, b) => b.createdMs - a.createdMs);
    const matching = this.#newestFirst.filter((capture) => matches(capture, query));
    return {
      captures: matching.filter(({ createdMs }) => createdMs < before).slice(0, limit),
      total: matching.length,
    };
  }
}

function matches(capture: CaptureReply, query: Omit<CaptureQuery, 'before' | 'limit'>): boolean {
  const { search, channel, state, cause, from = -Infinity, to = Infinity } = query;
  if (channel !== undefined && !channel.includes(capture.channel)) return false;
  if (state !== undefined && capture.state !== state) return false;
  if (cause !== undefined && capture.cause.kind !== cause) return false;
  if (!(capture.triggerMs >= from && capture.triggerMs <= to)) return false;
  return search === undefined || textOf(capture).includes(search.toLowerCase());
}

function textOf({ id, channel, label, cause, unit }: CaptureReply): string {
  return [id, channel, label, cause.kind, causeInWords(cause, unit)].join('\n').toLowerCase();
}
