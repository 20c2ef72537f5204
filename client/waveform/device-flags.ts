import type { CaptureReply, CaptureSegment } from '../../server/wire/captures.ts';
import { capturePath } from '../net/captures.ts';
import { type Fetch, isFailedRequest, RefusedError, requestJson } from '../net/request.ts';
import { Listeners, type Store } from '../store/store.ts';
import { AGAIN_MS } from './again.ts';
import type { SampleRange } from './capture-pieces.ts';

/** Samples of the stream that the device said something of. */
export interface FlaggedRange extends SampleRange {
  /** Bits of `RowFlag`. */
  readonly flags: number;
}

/** What is read of a recording's SigMF metadata. */
export interface FlagMetadata {
  readonly annotations?: readonly {
    readonly 'core:sample_start': number;
    readonly 'core:sample_count'?: number;
    readonly 'fenestra:flags'?: number;
  }[];
}

// Five minutes of a server that is away or busy. Then the samples are shown without what was said of them, until the page is opened again.
const TRIES = 100;

/** What a device said of a recording's samples, in order: empty until `load` has brought it. */
export class DeviceFlags implements Store<readonly FlaggedRange[]> {
  readonly #capture: CaptureReply;
  readonly #fetch: Fetch;
  readonly #listeners = new Listeners();
  readonly #abort = new AbortController();
  #ranges: readonly FlaggedRange[] = [];
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(capture: CaptureReply, fetch: Fetch) {
    this.#capture = capture;
    this.#fetch = fetch;
  }

  get value(): readonly FlaggedRange[] {
    return this.#ranges;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Asks until it is answered or refused, so many times at most. */
  async load(triesLeft = TRIES): Promise<void> {
    const { signal } = this.#abort;
    const path = `${capturePath(this.#capture.id)}/meta`;
    const meta = await requestJson<FlagMetadata>(this.#fetch, path, { signal }).catch((error: unknown) =>
      this.#miss(error, triesLeft - 1),
    );
    if (!meta || signal.aborted) return;
    this.#ranges = flaggedRanges(meta, this.#capture.segments);
    this.#listeners.announce();
  }

  /** The samples come from the same server: why it gives nothing is said of them. */
  #miss(error: unknown, triesLeft: number): undefined {
    if (this.#abort.signal.aborted || (error instanceof RefusedError && !error.mayPass)) return;
    if (!isFailedRequest(error)) throw error;
    if (triesLeft > 0) this.#again = setTimeout(() => void this.load(triesLeft), AGAIN_MS);
  }

  close(): void {
    clearTimeout(this.#again);
    this.#abort.abort();
  }
}

/** Places in the file as places in the stream. A range that goes on after a gap covers the gap. */
export function flaggedRanges({ annotations = [] }: FlagMetadata, segments: readonly CaptureSegment[]): FlaggedRange[] {
  return annotations.flatMap((annotation) => {
    const { 'core:sample_start': start, 'core:sample_count': count = 0, 'fenestra:flags': flags = 0 } = annotation;
    if (flags === 0 || count === 0) return [];
    return [{ from: indexOf(start, segments), to: indexOf(start + count - 1, segments) + 1, flags }];
  });
}

/** All that was said of samples in a range. */
export function flagsIn(ranges: readonly FlaggedRange[], { from, to }: SampleRange): number {
  return ranges.reduce((all, range) => (range.from < to && range.to > from ? all | range.flags : all), 0);
}

/** Where a sample of the file is in the stream: by the last segment that begins before it. */
function indexOf(place: number, segments: readonly CaptureSegment[]): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle].start <= place) low = middle;
    else high = middle - 1;
  }
  return segments[low].index + place - segments[low].start;
}
