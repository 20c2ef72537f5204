import type { HistoryReply } from '../../server/wire/history.ts';

/** Windows of one sample each, whose value is their number, merged by `span` from `from` on; those of `missing` are not there. */
export function replyOf(ask: {
  readonly from: number;
  readonly to: number;
  readonly span?: number;
  readonly originMs?: number;
  readonly rowMs?: number;
  readonly missing?: (window: number) => boolean;
}): HistoryReply {
  const { from, to, span = 1, originMs = 0, rowMs = 5, missing = () => false } = ask;
  const rows = Array.from({ length: Math.max(0, Math.ceil(to / span) - Math.floor(from / span)) }, (_, i) => {
    const row = Math.floor(from / span) + i;
    const all = Array.from({ length: span }, (_, k) => row * span + k).filter(
      (window) => window >= from && window < to,
    );
    return { row, windows: all.filter((window) => !missing(window)) };
  }).filter(({ windows }) => windows.length > 0);
  const column = (of: (row: (typeof rows)[number], i: number) => number) => rows.map(of);
  const mean = (windows: readonly number[]) => windows.reduce((sum, window) => sum + window, 0) / windows.length;
  return {
    channel: 'etch.1',
    unit: 'V',
    fromMs: originMs + from * rowMs,
    toMs: originMs + to * rowMs,
    rowMs,
    span,
    rows: {
      time: column(({ row }) => originMs + row * span * rowMs),
      length: column(() => span * rowMs),
      min: column(({ windows }) => Math.min(...windows)),
      max: column(({ windows }) => Math.max(...windows)),
      mean: column(({ windows }) => mean(windows)),
      deviation: column(({ windows }) =>
        Math.sqrt(windows.reduce((sum, window) => sum + (window - mean(windows)) ** 2, 0) / windows.length),
      ),
      count: column(({ windows }) => windows.length),
      clipped: column(() => 0),
      nonfinite: column(() => 0),
      flags: column(() => 0),
      windows: column(({ windows }) => windows.length),
      broken: column((_, i) => (i + 1 < rows.length && rows[i + 1].row !== rows[i].row + 1 ? 1 : 0)),
    },
  };
}
