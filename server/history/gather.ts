import { FIGURES, type MergeKernel } from '../kernels/merge-kernel.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { AnswerRows } from './answer-rows.ts';
import type { TimeRange } from './coverage.ts';
import { toleranceNs } from './lines-of-time.ts';
import { NsWords } from './ns-words.ts';
import type { TierRows } from './tier-rows.ts';

export interface GatherOptions {
  /** Windows a row merges; rows of a coarser tier stay as they are. */
  readonly span: number;
  /** Rows that have no time in common with it are left out. */
  readonly range: TimeRange;
  /** Length of a window of a stream, ns. */
  readonly windowNs: (stream: number) => number;
  readonly kernel: Pick<MergeKernel, 'mergeRows'>;
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
export function gather(rows: TierRows, { span, range, windowNs, kernel }: GatherOptions): AnswerRows {
  const firsts = new Float64Array(rows.length);
  for (let at = 0; at < firsts.length; at++) firsts[at] = firstWindow(rows, at);
  const order = inOrder(rows, firsts);
  const words = new NsWords(rows.timeNs);
  const gathered = new AnswerRows(rows.length);
  let open: Group[] = [];
  let stream = Number.NaN;
  let start = 0;
  let unit = 0;
  let oneNs = 0;
  let rowNs = 0;

  const close = () => {
    for (const { at, offsetNs, places, flags, windows } of open) {
      const timeNs = offsetNs === 0 ? rows.timeNs[at] : rows.timeNs[at] - BigInt(offsetNs);
      if (!overlaps(timeNs, rowNs, range)) continue;
      const to = gathered.length++;
      gathered.stream[to] = stream;
      gathered.start[to] = start;
      gathered.end[to] = start + unit;
      gathered.timeNs[to] = timeNs;
      gathered.lengthNs[to] = rowNs;
      gathered.flags[to] = flags;
      gathered.windows[to] = windows;
      const figures = kernel.mergeRows(rows.figures, places);
      for (let i = 0; i < FIGURES.length; i++) gathered.figures[to * FIGURES.length + i] = figures[i];
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
      (one) => Math.abs(words.between(one.at, at) - (offsetNs - one.offsetNs)) < toleranceNs(rowNs, oneNs),
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

/** Whether a row and a range have time in common. */
export function overlaps(timeNs: bigint, lengthNs: number, range: TimeRange): boolean {
  return timeNs < range.toNs && Number(timeNs - range.fromNs) > -Math.round(lengthNs);
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
  if (isSameWindow(rows, at, order[i + 1])) return undefined;
  let best = at;
  for (let before = i - 1; before >= 0 && isSameWindow(rows, at, order[before]); before--) {
    if (rows.samples(order[before]) > rows.samples(best)) best = order[before];
  }
  return best;
}

function isSameWindow({ tier, stream, window }: TierRows, at: number, other: number | undefined): boolean {
  return other !== undefined && tier[other] === 0 && stream[other] === stream[at] && window[other] === window[at];
}
