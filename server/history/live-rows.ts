import type { Segment, SegmentStream } from './segment.ts';
import type { Streams } from './streams.ts';
import type { RowsUnderWay, UnstoredRow } from './unstored-rows.ts';
import type { Writer } from './writer.ts';

/** What the writer has and the files do not: how the present is part of every answer. */
export interface LiveRows {
  /** Runs `task` while nothing is being committed: what is stored and what is `unstored` then are all windows, once. */
  freeze<T>(task: () => Promise<T>): Promise<T>;
  /** See `unstoredRows`. */
  unstored(channel: string, tier: number): readonly UnstoredRow[];
  /** What is being written of a tier. */
  underWay(tier: number): RowsUnderWay | undefined;
  /** While it is the same, nothing is written but what is under way. */
  batches(): number;
  /** No row that a segment, given by its name, has or is about to have begins before; undefined where that is not known. */
  earliestNs(segment: string): bigint | undefined;
  /** The streams that the writer has in memory, also those that no file names yet. */
  streams(): Iterable<SegmentStream>;
}

/** The live rows of a writer, its streams and the segments that are not sealed. */
export function liveRows({ writer, streams, segments }: LiveSources): LiveRows {
  return {
    freeze: (task) => writer.freeze(task),
    unstored: (channel, tier) => writer.unstored(channel, tier),
    underWay: (tier) => writer.underWay(tier),
    batches: () => writer.batches,
    earliestNs: (name) => segments().find((segment) => segment.name === name)?.earliestNs,
    streams: () => streams.all(),
  };
}

interface LiveSources {
  readonly writer: Pick<Writer, 'freeze' | 'unstored' | 'underWay' | 'batches'>;
  readonly streams: Pick<Streams, 'all'>;
  readonly segments: () => readonly Pick<Segment, 'name' | 'earliestNs'>[];
}
