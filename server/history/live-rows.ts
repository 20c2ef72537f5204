import type { SegmentStream } from './segment.ts';
import type { Streams } from './streams.ts';
import type { UnstoredRow, Writer } from './writer.ts';

/** What the writer has and the files do not: how the present is part of every answer. */
export interface LiveRows {
  /** Runs `task` while nothing is being committed: what is stored and what is `unstored` then are all windows, once. */
  freeze<T>(task: () => Promise<T>): Promise<T>;
  /** Rows of a channel that `tier` lacks: its own, and those of finer ones that are not merged into it. Only inside `freeze`. */
  unstored(channel: string, tier: number): readonly UnstoredRow[];
  /** The streams that the writer has in memory, also those that no file names yet. */
  streams(): Iterable<SegmentStream>;
}

/** The live rows of a writer and its streams. */
export function liveRows(writer: Pick<Writer, 'freeze' | 'unstored'>, streams: Pick<Streams, 'all'>): LiveRows {
  return {
    freeze: (task) => writer.freeze(task),
    unstored: (channel, tier) => writer.unstored(channel, tier),
    streams: () => streams.all(),
  };
}
