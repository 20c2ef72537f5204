import type { Alignment } from '../../server/model/manifest.ts';
import type { Run } from '../../server/model/run.ts';
import type { RunInput } from '../../server/model/run-cutter.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';

/** Flags of which any one spoils a point, as the wire names them: over-range, loss, invalid, gap, partial. */
const SPOILING = [1, 2, 4, 16, 32];

/**
 * The slow twin of `RunCutter`: looks at the whole list, stream by stream, asks
 * of every index whether a run begins there, and of every run what is wrong with it.
 */
export function cutPlainly(windows: readonly TrendWindow[], input: RunInput): Run[] {
  return streamsOf(windows).flatMap((stream) =>
    beginnings(stream, input).map((first) => describe(first, stream, input)),
  );
}

/** Windows that follow each other in one stream, each index once: a partial one gives way to the next if that is the same. */
function streamsOf(windows: readonly TrendWindow[]): TrendWindow[][] {
  const kept = windows.filter((window, i) => {
    const next = windows[i + 1];
    return !((window.flags & 32) > 0 && next?.stream === window.stream && next.index === window.index);
  });
  const streams: TrendWindow[][] = [];
  for (const window of kept) {
    const newest = streams.at(-1);
    if (newest?.[0]?.stream !== window.stream) streams.push([window]);
    else if (newest.every(({ index }) => index < window.index)) newest.push(window);
  }
  return streams;
}

function beginnings(stream: readonly TrendWindow[], input: RunInput): number[] {
  const { alignment, length, pointsPerSecond } = input;
  const [{ index: from, rateHz, size }, to] = [stream[0]!, stream.at(-1)!.index];
  if (Math.abs(rateHz / size - pointsPerSecond) > pointsPerSecond / 1000) return [];
  switch (alignment.kind) {
    case 'mark':
      return from < length ? [0] : [];
    case 'sliding': {
      const isOneThere = (first: number) => stream.some(({ index }) => index >= first && index < first + length);
      const all = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      return all.filter((first) => first % alignment.hop === 0 && isOneThere(first));
    }
    case 'ignition': {
      const edges = stream.filter((window, i) => isEdge(stream.slice(0, i), window, { ...input, ...alignment }));
      return edges.map(({ index }) => index - 1 - alignment.before).filter((first) => first >= 0);
    }
  }
}

/** Whether the light comes up with this window, after those before it. */
function isEdge(
  before: readonly TrendWindow[],
  window: TrendWindow,
  { rows, threshold, hysteresis, rearmPoints }: Pick<RunInput, 'rows'> & Extract<Alignment, { kind: 'ignition' }>,
): boolean {
  const isGood = (w: TrendWindow) => isUnflagged(w) && isFilled(w, rows);
  const isLit = (w: TrendWindow) => isGood(w) && w.summary.mean >= threshold;
  if (!isLit(window)) return false;
  const sinceLit = before.slice(before.findLastIndex(isLit) + 1);
  return sinceLit.some((last, i) => {
    const dark = sinceLit.slice(Math.max(0, i - rearmPoints + 1), i + 1);
    const isAll = dark.every((w) => isGood(w) && w.summary.mean < threshold - hysteresis);
    return dark.length === rearmPoints && isAll && last.index - dark[0]!.index === rearmPoints - 1;
  });
}

function describe(first: number, stream: readonly TrendWindow[], { length, rows }: RunInput): Run {
  const own = stream.filter(({ index }) => index >= first && index < first + length);
  const newest = stream.at(-1)!.index;
  const isEnded = newest < first + length - 1;
  const { channel, stream: name, size, rateHz } = stream[0]!;
  const ns = (windows: number) => BigInt(Math.round((windows * size * 1e9) / rateHz));
  const [earliest, latest] = [own[0]!, own.at(-1)!];
  const end = isEnded ? latest.index + 1 : first + length;
  const told = isEnded ? stream.at(-1)! : stream.find(({ index }) => index >= first + length - 1)!;
  const place = {
    channel,
    stream: name,
    first,
    timeNs: earliest.timeNs - ns(earliest.index - first),
    endNs: latest.timeNs + ns(end - latest.index),
  };
  const flagged = own.filter((window) => !isUnflagged(window));
  const empty = own.filter((window) => !isFilled(window, rows)).length;
  const missing = (isEnded ? newest + 1 : first + length) - first - own.length;
  if (missing + flagged.length + empty === 0 && !isEnded) {
    const values = Float32Array.from(rows.flatMap((row) => own.map(({ summary }) => summary[row])));
    return { kind: 'complete', ...place, arrivedMs: own.at(-1)!.arrivedMs, values };
  }
  const flags = flagged.reduce((bits, window) => bits | window.flags, 0) & SPOILING.reduce((a, b) => a | b);
  return {
    kind: 'incomplete',
    ...place,
    arrivedMs: told.arrivedMs,
    missing,
    flagged: flagged.length,
    flags,
    empty,
    isEnded,
  };
}

function isUnflagged({ flags }: TrendWindow): boolean {
  return SPOILING.every((bit) => (flags & bit) === 0);
}

function isFilled({ summary }: TrendWindow, rows: RunInput['rows']): boolean {
  return summary.count > 0 && rows.every((row) => Number.isFinite(Math.fround(summary[row])));
}
