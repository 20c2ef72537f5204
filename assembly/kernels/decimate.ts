import { sumLanesF64, swapHalves } from "./lanes";
import { addTo } from "./summary";

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
  while (row + 8 <= end && load<f64>(rows + (row + 7) * 8) < edgeMs) row += 8; // times never fall
  while (row < end && load<f64>(rows + row * 8) < edgeMs) row++;
  return row;
}

/** Adds the rows [row, end) to the pixel column whose first figure is at `dst`. */
function addColumn(rows: usize, capacity: usize, row: usize, end: usize, dst: usize, columnBytes: usize, broken: usize): void {
  const rowsBytes = capacity * 8;
  let lo = f64x2.splat(load<f64>(dst));
  let hi = f64x2.splat(load<f64>(dst + columnBytes));
  let sum = f64x2.splat(0);
  let count = sum;
  let gaps = sum;

  // An odd row goes first, in both lanes for the extremes and in one for the sums.
  const odd = (end - row) & 1;
  if (odd) {
    const p = rows + row * 8;
    const n = v128.load64_zero(p + 4 * rowsBytes);
    const gap = f64x2.le(f64x2.splat(load<f64>(p + 4 * rowsBytes)), f64x2.splat(0));
    lo = f64x2.pmin(lo, v128.or(f64x2.splat(load<f64>(p + rowsBytes)), gap));
    hi = f64x2.pmax(hi, v128.or(f64x2.splat(load<f64>(p + 2 * rowsBytes)), gap));
    sum = v128.andnot(f64x2.mul(v128.load64_zero(p + 3 * rowsBytes), n), gap);
    count = v128.andnot(n, gap);
    gaps = gap;
  }
  const stop = rows + end * 8;
  for (let p = rows + (row + odd) * 8; p < stop; p += 16) {
    const n = v128.load(p + 4 * rowsBytes);
    const gap = f64x2.le(n, f64x2.splat(0));
    // All bits set is a NaN, which pmin and pmax pass over.
    lo = f64x2.pmin(lo, v128.or(v128.load(p + rowsBytes), gap));
    hi = f64x2.pmax(hi, v128.or(v128.load(p + 2 * rowsBytes), gap));
    sum = f64x2.add(sum, v128.andnot(f64x2.mul(v128.load(p + 3 * rowsBytes), n), gap));
    count = f64x2.add(count, v128.andnot(n, gap));
    gaps = v128.or(gaps, gap);
  }

  // No lane is NaN here, so a compare does.
  store<f64>(dst, f64x2.extract_lane(f64x2.pmin(lo, swapHalves(lo)), 0));
  store<f64>(dst + columnBytes, f64x2.extract_lane(f64x2.pmax(hi, swapHalves(hi)), 0));
  addTo(dst + 2 * columnBytes, sumLanesF64(sum));
  addTo(dst + 3 * columnBytes, sumLanesF64(count));
  if (v128.any_true(gaps)) store<u8>(broken, 1);
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
