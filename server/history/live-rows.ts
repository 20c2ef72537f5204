import type { HistoryRow } from './row-block.ts';
import type { SegmentStream } from './segment.ts';

/** What the writer has and the files do not: how the present is part of every answer. */
export interface LiveRows {
  /** Runs `task` while nothing is being committed: what is stored and what is `unstored` then are all windows, once. */
  freeze<T>(task: () => Promise<T>): Promise<T>;
  /** Rows of a channel that `tier` lacks: its own, and those of finer ones that are not merged into it. Only inside `freeze`. */
  unstored(channel: string, tier: number): readonly { readonly tier: number; readonly row: HistoryRow }[];
  /** The streams of a channel that were written to since the server started. */
  streams(channel: string): readonly SegmentStream[];
}
