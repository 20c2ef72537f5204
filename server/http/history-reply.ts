import type { HistoryRequest, HistoryRows } from '../trend/history-rows.ts';
import type { HistoryReply } from '../wire/history.ts';

const NS_A_MS = 1e6;

/** The rows of a range as JSON has them. Figures that are not there are NaN, which JSON writes as null. */
export function toHistoryReply(request: HistoryRequest, rows: HistoryRows): HistoryReply {
  const { count } = rows;
  const figure = (values: Float64Array) => Array.from(values, (value, i) => (count[i] === 0 ? Number.NaN : value));
  return {
    ...toHistoryHead(request, rows),
    rows: {
      time: Array.from(rows.timeNs, toMs),
      length: Array.from(rows.lengthNs, (ns) => ns / NS_A_MS),
      min: figure(rows.min),
      max: figure(rows.max),
      mean: figure(rows.mean),
      deviation: Array.from(deviations(rows)),
      count: Array.from(count),
      clipped: Array.from(rows.clipped),
      nonfinite: Array.from(rows.nonfinite),
      flags: Array.from(rows.flags),
      windows: Array.from(rows.windows),
      broken: Array.from(rows.broken),
    },
  };
}

/** A reply without its rows. */
export function toHistoryHead(
  { channel, fromNs, toNs }: HistoryRequest,
  { unit, rowNs, span }: HistoryRows,
): Omit<HistoryReply, 'rows'> {
  return { channel, unit, fromMs: toMs(fromNs), toMs: toMs(toNs), rowMs: rowNs / NS_A_MS, span };
}

/** Population standard deviations; NaN where there is no sample. */
export function deviations({ m2, count }: Pick<HistoryRows, 'm2' | 'count'>): Float64Array {
  return m2.map((value, i) => Math.sqrt(value / count[i]));
}

/** Whole ms apart from the rest, so that a time keeps the digits that a number has. */
export function toMs(ns: bigint): number {
  return Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / NS_A_MS;
}
