import type { Summary } from '../trend/summary.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { toleranceNs } from './lines-of-time.ts';
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
  /** Place of the row that came first, and how far its start is from that of the row of the answer. */
  readonly at: number;
  readonly offsetNs: number;
  readonly places: number[];
  flags: number;
  windows: number;
}

/** Windows in a row of each tier. */
const TIER_SPANS = Array.from({ length: TIERS }, (_, tier) => TIER_FACTOR ** tier);

/**
 * Merges rows of tiers to the rows of a grid. A row comes once for each line
 * of time that runs through it: where the clock was set, what was before and
 * what was after it keep their own times. Of a window that is there twice, the
 * one with more samples counts.
 *
 * In no order across streams; of a stream by place.
 */
export function gather(rows: TierRows, { span, windowNs, merge }: GatherOptions): GatheredRow[] {
  const firsts = new Float64Array(rows.length);
  for (let at = 0; at < firsts.length; at++) firsts[at] = firstWindow(rows, at);
  const order = inOrder(rows, firsts);
  const gathered: GatheredRow[] = [];
  let open: Group[] = [];
  let stream = Number.NaN;
  let start = 0;
  let unit = 0;
  let oneNs = 0;
  let rowNs = 0;

  const close = () => {
    for (const { at, offsetNs, places, flags, windows } of open) {
      const timeNs = rows.timeNs[at] - BigInt(offsetNs);
      const summary = merge(places.map((place) => rows.summary(place)));
      gathered.push({ stream, start, end: start + unit, timeNs, lengthNs: rowNs, summary, flags, windows });
    }
    open = [];
  };

  for (let i = 0; i < order.length; i++) {
    const at = span < TIER_FACTOR ? bestOfSame(rows, order, i) : order[i];
    if (at === undefined) continue; // its better comes yet, or is here
    const tierSpan = TIER_SPANS[rows.tier[at]];
    const place = Math.max(span, tierSpan);
    const placeStart = firsts[at] - (firsts[at] % place);
    if (rows.stream[at] !== stream || placeStart !== start || place !== unit) {
      close();
      if (rows.stream[at] !== stream) oneNs = windowNs(rows.stream[at]);
      rowNs = place * oneNs;
      stream = rows.stream[at];
      start = placeStart;
      unit = place;
    }
    const offsetNs = Math.round((firsts[at] - placeStart) * oneNs);
    let group = open.find(
      (one) => Math.abs(rows.nsBetween(one.at, at) - (offsetNs - one.offsetNs)) < toleranceNs(rowNs, oneNs),
    );
    if (group === undefined) {
      group = { at, offsetNs, places: [], flags: 0, windows: 0 };
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
  return rows.window[at] * TIER_SPANS[rows.tier[at]];
}

// Places by stream and first window. Files and tables hold rows nearly so.
function inOrder(rows: TierRows, firsts: Float64Array): Uint32Array {
  const order = new Uint32Array(rows.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  const { stream } = rows;
  const compare = (a: number, b: number) => stream[a] - stream[b] || firsts[a] - firsts[b] || a - b;
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
