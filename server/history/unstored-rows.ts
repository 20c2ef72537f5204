import type { FinishedRows } from './finished-rows.ts';
import type { PendingRows } from './pending-rows.ts';
import type { HistoryRow, RowList } from './row-block.ts';
import type { Streams } from './streams.ts';

/** A row that no segment is known to have, with the tier that it is a row of. */
export interface UnstoredRow {
  readonly tier: number;
  readonly row: HistoryRow;
  /** It is being written: its segment has it with all others that are, or with none. */
  readonly isUnderWay: boolean;
}

/** Rows of a tier that are being written. */
export interface RowsUnderWay {
  /** Name of the segment. */
  readonly segment: string;
  /** Rows of the tier that it has without them: the numbers of theirs begin there. */
  readonly after: number;
  /** When the first of them begins. */
  readonly earliestNs: bigint;
}

/** Where rows are before they are in a segment. */
export interface UnstoredSources {
  readonly streams: Pick<Streams, 'all' | 'byId'>;
  readonly finished: Pick<FinishedRows, 'list'>;
  /** Rows of the tier that are being written. */
  readonly underWay: RowList | undefined;
  readonly pending: Pick<PendingRows, 'where'>;
}

/** Rows of a channel that `tier` lacks: its own, and those of finer ones that are not merged into it. */
export function unstoredRows(sources: UnstoredSources, channel: string, tier: number): UnstoredRow[] {
  const { streams, finished, underWay, pending } = sources;
  const own = [...streams.all()].filter(({ info }) => info.channel === channel);
  const ids = new Set(own.map(({ id }) => id));
  const isOwn = (stream: number) => ids.has(stream);
  const rows: UnstoredRow[] = [];
  for (const row of underWay?.where(isOwn) ?? []) rows.push({ tier, row, isUnderWay: true });
  for (const row of finished.list(tier).where(isOwn)) rows.push({ tier, row, isUnderWay: false });
  for (const stream of own) {
    for (let below = 1; below <= tier; below++) {
      const row = stream.tiers.open(below);
      if (row !== undefined) rows.push({ tier: below, row, isUnderWay: false });
    }
  }
  for (const row of pending.where(isOwn)) {
    rows.push({ tier: 0, row: tier === 0 ? row : streams.byId(row.stream).restOf(row), isUnderWay: false });
  }
  return rows;
}
