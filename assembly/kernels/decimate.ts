import { sumLanesF64 } from "./lanes";

/** Rows looked at together. */
const STEP: usize = 4;

/**
 * Reduces the rows [from, to) of a ring of trend rows to `columns` pixel
 * columns at `dst`. Column k takes the rows with
 * `fromMs + k·columnMs <= time < fromMs + (k + 1)·columnMs`; others are left
 * out.
 *
 * `from` is below `capacity`; `to` may pass it, by which the ring wraps.
 */
export function decimate(
  rows: usize,
  capacity: usize,
  from: usize,
  to: usize,
  fromMs: f64,
  columnMs: f64,
  columns: usize,
  dst: usize,
): void {
  clear(dst, columns);
  addRun(rows, capacity, from, min(to, capacity), fromMs, columnMs, columns, dst);
  if (to > capacity) addRun(rows, capacity, 0, to - capacity, fromMs, columnMs, columns, dst);
  finishMeans(dst, columns);
}

function clear(dst: usize, columns: usize): void {
  const columnBytes = columns * 8;
  for (let p = dst; p < dst + columnBytes; p += 8) {
    store<f64>(p, Infinity);
    store<f64>(p + columnBytes, -Infinity);
  }
  memory.fill(dst + 2 * columnBytes, 0, 2 * columnBytes + columns);
}

/** Adds the rows [row, end), which do not wrap. The mean's place holds the sum until the end. */
function addRun(
  rows: usize,
  capacity: usize,
  row: usize,
  end: usize,
  fromMs: f64,
  columnMs: f64,
  columns: usize,
  dst: usize,
): void {
  const columnBytes = columns * 8;
  row = lowerBound(rows, row, end, fromMs);

  while (row < end) {
    const column = columnOf(load<f64>(rows + row * 8), fromMs, columnMs);
    if (column >= <f64>columns) return;
    const next = runEnd(rows, row, end, fromMs + (column + 1) * columnMs);
    addColumn(rows, capacity, row, next, dst + <usize>column * 8, columnBytes, dst + 4 * columnBytes + <usize>column);
    row = next;
  }
}

/** The column whose edges hold `timeMs`, by the edges themselves: the quotient alone may round into a neighbour. */
// @ts-ignore: decorator
@inline
function columnOf(timeMs: f64, fromMs: f64, columnMs: f64): f64 {
  let column = floor((timeMs - fromMs) / columnMs);
  if (timeMs < fromMs + column * columnMs) column -= 1;
  if (timeMs >= fromMs + (column + 1) * columnMs) column += 1;
  return column;
}

/** First row in [row, end) at or after `timeMs`. */
function lowerBound(rows: usize, row: usize, end: usize, timeMs: f64): usize {
  while (row < end) {
    const middle = (row + end) >> 1;
    if (load<f64>(rows + middle * 8) < timeMs) row = middle + 1;
    else end = middle;
  }
  return row;
}

/** First row after `row`, which is before `edgeMs`, that is not; it is near. */
// @ts-ignore: decorator
@inline
function runEnd(rows: usize, row: usize, end: usize, edgeMs: f64): usize {
  row++;
  while (row + 8 <= end && load<f64>(rows + (row + 7) * 8) < edgeMs) row += 8;
  while (row < end && load<f64>(rows + row * 8) < edgeMs) row++;
  return row;
}

// @ts-ignore: decorator
@inline
function addColumn(rows: usize, capacity: usize, row: usize, end: usize, dst: usize, columnBytes: usize, broken: usize): void {
  const columnOfRows = capacity * 8;
  let lo = f64x2.splat(load<f64>(dst));
  let hi = f64x2.splat(load<f64>(dst + columnBytes));
  let sum = f64x2.replace_lane(f64x2.splat(0), 0, load<f64>(dst + 2 * columnBytes));
  let count = f64x2.replace_lane(f64x2.splat(0), 0, load<f64>(dst + 3 * columnBytes));
  let gaps = i64x2.splat(0);
  const none = f64x2.splat(0);
  const above = f64x2.splat(Infinity);
  const below = f64x2.splat(-Infinity);

  let p = rows + row * 8;
  const stop = rows + end * 8;
  for (; p < stop; p += 16) {
    // The last odd row is read twice over, its second lane counting nothing.
    const odd = p + 8 == stop;
    const n = odd ? v128.load64_zero(p + 4 * columnOfRows) : v128.load(p + 4 * columnOfRows);
    const gap = f64x2.le(n, none);
    lo = f64x2.pmin(lo, v128.bitselect(above, pair(p + columnOfRows, odd), gap));
    hi = f64x2.pmax(hi, v128.bitselect(below, pair(p + 2 * columnOfRows, odd), gap));
    sum = f64x2.add(sum, v128.andnot(f64x2.mul(pair(p + 3 * columnOfRows, odd), n), gap));
    count = f64x2.add(count, n);
    gaps = v128.or(gaps, odd ? v128.and(gap, i64x2(-1, 0)) : gap);
  }

  store<f64>(dst, min(f64x2.extract_lane(lo, 0), f64x2.extract_lane(lo, 1)));
  store<f64>(dst + columnBytes, max(f64x2.extract_lane(hi, 0), f64x2.extract_lane(hi, 1)));
  store<f64>(dst + 2 * columnBytes, sumLanesF64(sum));
  store<f64>(dst + 3 * columnBytes, sumLanesF64(count));
  if (v128.any_true(gaps)) store<u8>(broken, 1);
}

// @ts-ignore: decorator
@inline
function pair(p: usize, odd: bool): v128 {
  return odd ? v128.load64_zero(p) : v128.load(p);
}

function finishMeans(dst: usize, columns: usize): void {
  const columnBytes = columns * 8;
  for (let p = dst; p < dst + columnBytes; p += 8) {
    const count = load<f64>(p + 3 * columnBytes);
    if (count > 0) {
      store<f64>(p + 2 * columnBytes, load<f64>(p + 2 * columnBytes) / count);
      continue;
    }
    store<f64>(p, NaN);
    store<f64>(p + columnBytes, NaN);
    store<f64>(p + 2 * columnBytes, NaN);
  }
}
