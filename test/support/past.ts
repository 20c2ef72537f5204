import type { HistoryRow } from '../../server/history/row-block.ts';
import type { HistoryRequest, HistoryRows } from '../../server/trend/history-rows.ts';
import { EMPTY_SUMMARY, mergeSummaries, type Summary } from '../../server/trend/summary.ts';

/** A stream as a twin of the history knows it: all its windows, each once. */
export interface PastStream {
  readonly id: number;
  readonly windowNs: number;
  readonly windows: readonly HistoryRow[];
}

export interface PastRow {
  readonly timeNs: bigint;
  readonly windows: number;
  readonly flags: number;
  readonly summary: Summary;
}

/**
 * What a range of the past is, written for reading: every window of every
 * stream, merged with those of its row that are on the same line of time.
 */
export function pastRows(
  streams: readonly PastStream[],
  { fromNs, toNs }: Pick<HistoryRequest, 'fromNs' | 'toNs'>,
  span: number,
): PastRow[] {
  return streams
    .flatMap((stream) => rowsOf(stream, span))
    .filter(({ timeNs, lengthNs }) => timeNs < toNs && timeNs + lengthNs > fromNs)
    .sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : a.stream - b.stream));
}

function rowsOf({ id, windowNs, windows }: PastStream, span: number) {
  const places = new Map<number, (PastRow & { stream: number; lengthNs: bigint })[]>();
  for (const window of windows) {
    const place = Math.floor(window.window / span);
    const timeNs = window.timeNs - BigInt(Math.round((window.window - place * span) * windowNs));
    const rows = places.get(place) ?? [];
    places.set(place, rows);
    const tolerance = Math.max(windowNs, (span * windowNs) / 10);
    const found = rows.findIndex((row) => Math.abs(Number(row.timeNs - timeNs)) < tolerance);
    const at = found < 0 ? rows.length : found;
    const before = rows[at] ?? { timeNs, windows: 0, flags: 0, summary: EMPTY_SUMMARY };
    rows[at] = {
      stream: id,
      timeNs: before.timeNs,
      lengthNs: BigInt(Math.round(span * windowNs)),
      windows: before.windows + 1,
      flags: before.flags | window.flags,
      summary: mergeSummaries(before.summary, window),
    };
  }
  return [...places.values()].flat();
}

/** The rows of an answer one by one. */
export function rowsOfAnswer(answer: HistoryRows): PastRow[] {
  return Array.from(answer.timeNs, (timeNs, i) => ({
    timeNs,
    windows: answer.windows[i],
    flags: answer.flags[i],
    summary: {
      min: answer.min[i],
      max: answer.max[i],
      mean: answer.mean[i],
      m2: answer.m2[i],
      count: answer.count[i],
      clipped: answer.clipped[i],
      nonfinite: answer.nonfinite[i],
    },
  }));
}
