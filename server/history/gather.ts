import type { Summary } from '../trend/summary.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { isOneLine } from './lines-of-time.ts';
import type { TierRows } from './tier-rows.ts';

/** A row of an answer. */
export interface GatheredRow {
  readonly stream: number;
  /** Windows start … end - 1 of the stream are its place, whatever of them is there. */
  readonly start: number;
  readonly end: number;
  readonly timeNs: bigint;
  readonly lengthNs: number;
  readonly summary: Summary;
  readonly flags: number;
  readonly windows: number;
}

export interface GatherOptions {
  /** Windows a row merges; rows of a coarser tier stay as they are. */
  readonly span: number;
  /** Length of a window of a stream, ns. */
  readonly windowNs: (stream: number) => number;
  /** The summary of the windows of at least one summary. */
  readonly merge: (parts: readonly Summary[]) => Summary;
}

interface Group {
  readonly timeNs: bigint;
  readonly places: number[];
  flags: number;
  windows: number;
}

/**
 * Merges rows of tiers to the rows of a grid. A row comes once for each line
 * of time that runs through it: where the clock was set, what was before and
 * what was after it keep their own times. Of a window that is there twice, the
 * one with more samples counts.
 *
 * In no order across streams; of a stream by place.
 */
export function gather(rows: TierRows, { span, windowNs, merge }: GatherOptions): GatheredRow[] {
  const order = inOrder(rows);
  const gathered: GatheredRow[] = [];
  let open: Group[] = [];
  let stream = Number.NaN;
  let start = 0;
  let unit = 0;
  let lengthNs = 0;

  const close = () => {
    for (const { timeNs, places, flags, windows } of open) {
      gathered.push({
        stream,
        start,
        end: start + unit,
        timeNs,
        lengthNs,
        summary: merge(places.map((at) => rows.summary(at))),
        flags,
        windows,
      });
    }
    open = [];
  };

  for (let i = 0; i < order.length; i++) {
    const at = span < TIER_FACTOR ? bestOfSame(rows, order, i) : order[i];
    if (at === undefined) continue; // its better comes yet, or is here
    const first = firstWindow(rows, at);
    const tierSpan = TIER_FACTOR ** rows.tier[at];
    const place = Math.max(span, tierSpan);
    const placeStart = first - (first % place);
    if (rows.stream[at] !== stream || placeStart !== start || place !== unit) {
      close();
      stream = rows.stream[at];
      start = placeStart;
      unit = place;
      lengthNs = place * windowNs(stream);
    }
    const oneNs = windowNs(stream);
    const startNs = rows.timeNs[at] - BigInt(Math.round((first - placeStart) * oneNs));
    const lengths = { rowNs: lengthNs, windowNs: oneNs };
    let group = open.find(({ timeNs }) => isOneLine(startNs, timeNs, lengths));
    if (group === undefined) {
      group = { timeNs: startNs, places: [], flags: 0, windows: 0 };
      open.push(group);
    }
    group.places.push(at);
    group.flags |= rows.flags[at];
    group.windows += span < TIER_FACTOR && tierSpan === 1 ? 1 : rows.windows[at]; // a window that replaces a part of itself says 0
  }
  close();
  return gathered;
}

/** Window with which a row begins. */
export function firstWindow(rows: TierRows, at: number): number {
  return rows.window[at] * TIER_FACTOR ** rows.tier[at];
}

// Places by stream and first window. Files and tables hold rows nearly so.
function inOrder(rows: TierRows): Uint32Array {
  const order = Uint32Array.from({ length: rows.length }, (_, at) => at);
  const compare = (a: number, b: number) =>
    rows.stream[a] - rows.stream[b] || firstWindow(rows, a) - firstWindow(rows, b) || a - b;
  for (let i = 1; i < order.length; i++) {
    if (compare(i - 1, i) > 0) return order.sort(compare);
  }
  return order;
}

// Of windows with one key, the place of the one with the most samples when `i` is the last of them; else undefined.
function bestOfSame(rows: TierRows, order: Uint32Array, i: number): number | undefined {
  const at = order[i];
  if (rows.tier[at] !== 0) return at;
  const isSame = (other: number) =>
    other < order.length &&
    rows.tier[order[other]] === 0 &&
    rows.stream[order[other]] === rows.stream[at] &&
    rows.window[order[other]] === rows.window[at];
  if (isSame(i + 1)) return undefined;
  let best = at;
  for (let before = i - 1; before >= 0 && isSame(before); before--) {
    if (rows.samples(order[before]) > rows.samples(best)) best = order[before];
  }
  return best;
}
