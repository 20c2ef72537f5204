import { type ByteRange, type StoredRecord, scanRecords } from './record.ts';
import { HEADER_BYTES, type Notes, readHeader, type SegmentName } from './segment.ts';

/** Sequence numbers, the second not included. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/** What a segment holds, and what is wrong with it. */
export interface Examined {
  /** Those that count, in ascending order. */
  readonly records: readonly StoredRecord[];
  /** Where the last of them ends. */
  readonly dataEnd: number;
  /** Bytes from there on that are to go: of an append that was not finished, or was rejected. */
  readonly cutBytes: number;
  readonly damaged: readonly ByteRange[];
  /** Whether something that was acknowledged is missing, or bytes are not as they were written. */
  readonly isDamaged: boolean;
  /** Absent where the header is damaged. */
  readonly notes: Notes | undefined;
}

type Named = SegmentName & { readonly first: number };

export interface ExamineOptions {
  /** Of the next segment: what this one has from there on was rejected. */
  readonly limit: number;
  /** Whether no later segment holds records, so that a crash may have torn this one's last ones. */
  readonly isTail: boolean;
}

/**
 * Tells the records of a segment that count from those that do not. Of the
 * last segment, what was not known to be on the disk counts up to the first
 * append that is not whole: none after it was acknowledged either.
 */
export function examine(bytes: Buffer, name: Named, { limit, isTail }: ExamineOptions): Examined {
  const notes = readHeader(bytes, name.mark);
  const scan = scanRecords(bytes, name.mark);
  const valid = scan.records.filter(({ sequence }) => sequence < limit);
  const synced = isTail && notes !== undefined ? Math.max(notes.synced, name.first) : Infinity;
  const records = valid.slice(0, wholeAppends(valid, synced));
  const dataEnd = records.at(-1)?.end ?? HEADER_BYTES;
  const written = lastNonZero(bytes, dataEnd);

  const end = (records.at(-1)?.sequence ?? name.first - 1) + 1;
  const isShort = end < (notes?.synced ?? 0);
  const isTorn = notes !== undefined && !isShort && (isTail || valid.length < scan.records.length);
  const damaged = scan.damaged
    .filter(({ at, end }) => at < dataEnd && end > HEADER_BYTES)
    .map(({ at, end }) => ({ at: Math.max(at, HEADER_BYTES), end }));
  if (notes === undefined) damaged.unshift({ at: 0, end: Math.min(HEADER_BYTES, bytes.length) });
  if (!isTorn && written > dataEnd) damaged.push({ at: dataEnd, end: written });
  return {
    records,
    dataEnd,
    cutBytes: isTorn ? written - dataEnd : 0,
    damaged,
    isDamaged: damaged.length > 0 || isShort || records.length < end - name.first,
    notes,
  };
}

/** The runs of numbers without one missing. */
export function toRanges(records: readonly StoredRecord[]): SequenceRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const { sequence } of records) {
    const last = ranges.at(-1);
    if (last?.to === sequence) last.to++;
    else ranges.push({ from: sequence, to: sequence + 1 });
  }
  return ranges;
}

/** Numbers from `from` to below `to` that are in none of the ranges, which ascend. */
export function gapsIn(ranges: readonly SequenceRange[], from: number, to: number): SequenceRange[] {
  const gaps: SequenceRange[] = [];
  let expected = from;
  for (const range of [...ranges, { from: to, to }]) {
    if (range.from > expected) gaps.push({ from: expected, to: range.from });
    expected = Math.max(expected, range.to);
  }
  return gaps;
}

/** How many records count: all below `synced`, and from there on those of whole appends up to the first that is not. */
function wholeAppends(records: readonly StoredRecord[], synced: number): number {
  let whole = records.findIndex(({ sequence }) => sequence >= synced);
  if (whole < 0) return records.length;
  for (let expected = synced; whole < records.length; ) {
    const { left } = records[whole]!;
    for (let i = 0; i <= left; i++) {
      const record = records[whole + i];
      if (record?.sequence !== expected + i || record.left !== left - i) return whole;
    }
    whole += left + 1;
    expected += left + 1;
  }
  return whole;
}

/** Where the last byte that is not zero ends, at least `from`. */
function lastNonZero(bytes: Buffer, from: number): number {
  let end = bytes.length;
  while (end > from && bytes[end - 1] === 0) end--;
  return Math.max(from, end);
}
