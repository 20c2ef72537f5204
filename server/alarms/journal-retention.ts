import { isEntry, readRecord } from './checkpoint.ts';
import type { JournalLog } from './journal-log.ts';

export interface RetentionLimits {
  readonly keepMs: number;
  readonly keepBytes: number;
}

/** The newest of its files a start may need: the last checkpoint lies in them. */
const KEPT_SEGMENTS = 16;

/** Removes the oldest files of the journal that hold nothing but what is older than the limits, or that are too many. Rejects with `STORAGE_FAILED`. */
export async function removeOld(log: JournalLog, { keepMs, keepBytes }: RetentionLimits, nowMs: number): Promise<void> {
  let { bytes } = log.status();
  const segments = log.segments();
  const bytesEach = bytes / Math.max(1, segments.length);
  let before: number | undefined;
  for (const { first, end } of segments.slice(0, -KEPT_SEGMENTS)) {
    if (bytes <= keepBytes && (await newestMs(log, first, end)) > nowMs - keepMs) break;
    before = end;
    bytes -= bytesEach;
  }
  if (before !== undefined) await log.removeBefore(before);
}

/** Of the entries of one file, server clock; before all times where there is none. */
async function newestMs(log: JournalLog, first: number, end: number): Promise<number> {
  let newest = Number.NEGATIVE_INFINITY;
  for await (const { payload } of log.read(first, end)) {
    const record = readRecord(payload);
    if (isEntry(record)) newest = Math.max(newest, record.atMs);
  }
  return newest;
}
