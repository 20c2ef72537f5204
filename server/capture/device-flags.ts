import type { RawRing } from '../trend/raw-ring.ts';
import { WindowFlag } from '../trend/trend-window.ts';
import { flagWords } from '../wire/row-flag.ts';

/** What the device said of samples that follow each other: the flags of the frames they came in. */
export interface FlaggedSpan {
  /** Counted from where the samples that hold it begin. */
  readonly start: number;
  readonly samples: number;
  /** Bits of `WindowFlag`. */
  readonly flags: number;
  /** Whether the frame begins here, too. */
  readonly isBegun: boolean;
}

/** Spans of a recording that are told apart; past it the last one covers all that follows. */
const SPAN_LIMIT = 10_000;

/** What was said of samples of a ring. */
export function flaggedIn(ring: RawRing, position: number, samples: number): FlaggedSpan[] {
  return ring.marks.flatMap(({ at, flags }, i) => {
    const from = Math.max(at, position);
    const to = Math.min(ring.marks[i + 1]?.at ?? ring.end, position + samples);
    if (flags === 0 || from >= to) return [];
    return [{ start: from - position, samples: to - from, flags, isBegun: at >= position }];
  });
}

/** What was said of a recording's samples, collected piece by piece. */
export class DeviceFlags {
  readonly #spans: { readonly start: number; samples: number; flags: number }[] = [];

  /** Of the piece that begins at sample `at` of the file. */
  add(at: number, spans: readonly FlaggedSpan[]): void {
    for (const { start, samples, flags, isBegun } of spans) {
      const last = this.#spans[this.#spans.length - 1];
      const isNext = last !== undefined && last.start + last.samples === at + start && last.flags === flags;
      const isAlike = isNext && !(isBegun && flags & WindowFlag.SampleLoss);
      if (isAlike) last.samples += samples;
      else if (last === undefined || this.#spans.length < SPAN_LIMIT) this.#begin(at + start, samples, flags, isBegun);
      else {
        last.samples = at + start + samples - last.start;
        last.flags |= flags;
      }
    }
  }

  annotations() {
    return this.#spans.map(({ start, samples, flags }) => ({
      'core:sample_start': start,
      'core:sample_count': samples,
      'core:generator': 'fenestra',
      'core:label': flagWords(flags),
      'fenestra:flags': flags,
    }));
  }

  // Samples were lost before the frame, so not where only its rest is recorded.
  #begin(start: number, samples: number, said: number, isBegun: boolean): void {
    const flags = isBegun ? said : said & ~WindowFlag.SampleLoss;
    if (flags !== 0) this.#spans.push({ start, samples, flags });
  }
}
