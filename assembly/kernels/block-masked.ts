// The passes over a block whose samples are not all finite, or too large to square.

import {
  SUMMARY_COUNT,
  SUMMARY_M2,
  SUMMARY_MAX,
  SUMMARY_MEAN,
  SUMMARY_MIN,
  SUMMARY_NONFINITE,
} from "../abi";
import { finiteLanes, finitePair, loadPair, widenLow } from "./block-lanes";
import { maxLanes, minLanes, sumLanesF64, sumLanesI32, sumLanesI64, swapHalves } from "./lanes";

const HUGE: f64 = 1e150; // squares of more, and sums of them, may overflow
const HUGE_DOWN: f64 = reinterpret<f64>(0x1A70000000000000); // 2^-600
const HUGE_UP: f64 = reinterpret<f64>(0x6570000000000000); // 2^600

/** One pass that leaves out what is not finite. Returns the sum of squares. */
export function reduceFinite<T>(src: usize, end: usize, dst: usize): f64 {
  const zero = f64x2.splat(0);
  let lo = v128.splat<T>(<T>Infinity);
  let hi = v128.splat<T>(<T>-Infinity);
  let skipped = zero;
  let sum = zero;
  let squares = zero;

  for (let p = src; p < end; p += 16) {
    const v = v128.load(p);
    const bad = v128.ne<T>(v128.sub<T>(v, v), zero); // x - x is NaN unless x is finite
    const marked = v128.or(v, bad); // all bits set is a NaN, which pmin and pmax pass over
    lo = v128.pmin<T>(lo, marked);
    hi = v128.pmax<T>(hi, marked);

    const clean = v128.andnot(v, bad);
    if (sizeof<T>() == 8) {
      skipped = i64x2.sub(skipped, bad);
      sum = f64x2.add(sum, clean);
      squares = f64x2.add(squares, f64x2.mul(clean, clean));
    } else {
      const x0 = widenLow<T>(clean);
      const x1 = widenLow<T>(swapHalves(clean));
      skipped = i32x4.sub(skipped, bad);
      sum = f64x2.add(sum, f64x2.add(x0, x1));
      squares = f64x2.add(squares, f64x2.add(f64x2.mul(x0, x0), f64x2.mul(x1, x1)));
    }
  }

  const nonfinite = <f64>(sizeof<T>() == 8 ? sumLanesI64(skipped) : sumLanesI32(skipped));
  const n = <f64>((end - src) / sizeof<T>()) - nonfinite;
  const total = sumLanesF64(sum);
  const totalSquares = sumLanesF64(squares);
  const mean = n > 0 ? total / n : 0;
  store<f64>(dst + SUMMARY_MIN, minLanes<T>(lo));
  store<f64>(dst + SUMMARY_MAX, maxLanes<T>(hi));
  store<f64>(dst + SUMMARY_MEAN, mean);
  store<f64>(dst + SUMMARY_M2, totalSquares - total * mean);
  store<f64>(dst + SUMMARY_COUNT, n);
  store<f64>(dst + SUMMARY_NONFINITE, nonfinite);
  return totalSquares;
}

/** All figures of any samples, in several passes, such that sums of the greatest f64 do not overflow. */
export function reduceCareful<T>(src: usize, end: usize, dst: usize): void {
  const n = findExtremes<T>(src, end, dst);
  store<f64>(dst + SUMMARY_COUNT, n);
  store<f64>(dst + SUMMARY_NONFINITE, <f64>((end - src) / sizeof<T>()) - n);
  store<f64>(dst + SUMMARY_MEAN, 0);
  store<f64>(dst + SUMMARY_M2, 0);
  if (n == 0) return;

  // Scaled by a power of two, huge samples square without overflow; what that
  // takes from the small ones among them is below the last digit of the sums.
  const size = max(abs(load<f64>(dst + SUMMARY_MIN)), abs(load<f64>(dst + SUMMARY_MAX)));
  const down: f64 = size > HUGE ? HUGE_DOWN : 1;
  const up: f64 = size > HUGE ? HUGE_UP : 1;
  const scale = f64x2.splat(down);

  let sum = f64x2.splat(0);
  for (let p = src; p < end; p += 2 * sizeof<T>()) sum = f64x2.add(sum, f64x2.mul(finitePair<T>(p), scale));
  const mean = sumLanesF64(sum) / n;

  const center = f64x2.splat(mean);
  let rests = f64x2.splat(0);
  let squares = rests;
  for (let p = src; p < end; p += 2 * sizeof<T>()) {
    const x = loadPair<T>(p);
    const d = v128.and(f64x2.sub(f64x2.mul(x, scale), center), finiteLanes(x));
    rests = f64x2.add(rests, d);
    squares = f64x2.add(squares, f64x2.mul(d, d));
  }
  const rest = sumLanesF64(rests);
  // Rounding may not lift the mean of the greatest samples past them.
  const least = load<f64>(dst + SUMMARY_MIN);
  const most = load<f64>(dst + SUMMARY_MAX);
  store<f64>(dst + SUMMARY_MEAN, min(max((mean + rest / n) * up, least), most));
  store<f64>(dst + SUMMARY_M2, max(sumLanesF64(squares) - (rest * rest) / n, 0) * up * up);
}

/** Writes the exact extremes of the finite samples, -0 below 0, and returns how many there are. */
export function findExtremes<T>(src: usize, end: usize, dst: usize): f64 {
  const above = f64x2.splat(Infinity);
  const below = f64x2.splat(-Infinity);
  let lo = above;
  let hi = below;
  let count = i64x2.splat(0);
  for (let p = src; p < end; p += 2 * sizeof<T>()) {
    const x = loadPair<T>(p);
    const finite = finiteLanes(x);
    lo = f64x2.min(lo, v128.bitselect(x, above, finite));
    hi = f64x2.max(hi, v128.bitselect(x, below, finite));
    count = i64x2.sub(count, finite);
  }
  store<f64>(dst + SUMMARY_MIN, minLanes<f64>(lo));
  store<f64>(dst + SUMMARY_MAX, maxLanes<f64>(hi));
  return <f64>sumLanesI64(count);
}
