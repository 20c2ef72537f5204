import type { Segment, SegmentStream } from './segment.ts';
import type { Streams } from './streams.ts';
import type { UnstoredRow, Writer } from './writer.ts';

/** What the writer has and the files do not: how the present is part of every answer. */
export interface LiveRows {
  /** Runs `task` while nothing is being committed: what is stored and what is `unstored` then are all windows, once. */
  freeze<T>(task: () => Promise<T>): Promise<T>;
  /** Rows of a channel that `tier` lacks: its own, and those of finer ones that are not merged into it. Outside `freeze` a commit may be under way, and a segment may have them already. */
  unstored(channel: string, tier: number): readonly UnstoredRow[];
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
    earliestNs: (name) => segments().find((segment) => segment.name === name)?.earliestNs,
    streams: () => streams.all(),
  };
}

interface LiveSources {
  readonly writer: Pick<Writer, 'freeze' | 'unstored'>;
  readonly streams: Pick<Streams, 'all'>;
  readonly segments: () => readonly Pick<Segment, 'name' | 'earliestNs'>[];
}
