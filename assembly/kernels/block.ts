import {
  SUMMARY_CLIPPED,
  SUMMARY_COUNT,
  SUMMARY_M2,
  SUMMARY_MAX,
  SUMMARY_MEAN,
  SUMMARY_MIN,
  SUMMARY_NONFINITE,
  TAIL_SAMPLES,
} from "../abi";
import { finiteLanes, greater, lesser, loadPair, widenLow } from "./block-lanes";
import { findExtremes, reduceCareful, reduceFinite } from "./block-masked";
import { maxLanes, minLanes, sumLanesF64, sumLanesI64 } from "./lanes";

/** Below this part of the sum of squares, their difference to n·mean² has lost too many digits. */
const CANCELLED: f64 = 1.0 / 65536;

/**
 * Reduces one block of i32, f32 or f64 samples in [src, end), a multiple of
 * `TAIL_SAMPLES`, to a summary record at `dst`. Sums are f64.
 *
 * The quick pass trusts that all samples are finite and near zero against
 * their spread, and its own sums prove it; only a block that is not is read
 * again, from L1, by the cheapest pass that is right for it.
 */
export function reduceBlock<T>(src: usize, end: usize, low: f64, high: f64, dst: usize): void {
  let squares = reduceQuick<T>(src, end, dst);
  if (isFloat<T>() && !isFinite(squares)) {
    squares = reduceFinite<T>(src, end, dst);
    if (isCancelled(dst, squares)) reduceCareful<T>(src, end, dst);
  } else if (isCancelled(dst, squares)) {
    reduceCentred<T>(src, end, dst);
  }

  const least = load<f64>(dst + SUMMARY_MIN);
  const most = load<f64>(dst + SUMMARY_MAX);
  if (isFloat<T>() && (least == 0 || most == 0)) findExtremes<T>(src, end, dst); // which zero?
  store<f64>(dst + SUMMARY_CLIPPED, least <= low || most >= high ? countClipped<T>(src, end, low, high) : 0);
}

/** Whether m2 is not the difference of numbers of like size, or no number at all. */
// @ts-ignore: decorator
@inline
function isCancelled(dst: usize, squares: f64): bool {
  return !(load<f64>(dst + SUMMARY_M2) > squares * CANCELLED);
}

/**
 * One pass without masks or offset. Returns the sum of squares.
 *
 * Few accumulators on purpose: what does not fit the registers would travel
 * through the stack in every turn.
 */
function reduceQuick<T>(src: usize, end: usize, dst: usize): f64 {
  let lo = v128.load(src);
  let hi = lo;
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let squares0 = sum0;
  let squares1 = sum0;

  for (let p = src; p < end; p += <usize>TAIL_SAMPLES * sizeof<T>()) {
    let x0 = v128.load(p);
    let x1 = v128.load(p, 16);
    let x2 = x0;
    let x3 = x1;
    lo = lesser<T>(lo, lesser<T>(x0, x1));
    hi = greater<T>(hi, greater<T>(x0, x1));
    if (sizeof<T>() == 8) {
      x2 = v128.load(p, 32);
      x3 = v128.load(p, 48);
      lo = lesser<T>(lo, lesser<T>(x2, x3));
      hi = greater<T>(hi, greater<T>(x2, x3));
    } else {
      x0 = widenLow<T>(v128.load64_zero(p)); // a second load is cheaper than moving the high half down
      x1 = widenLow<T>(v128.load64_zero(p, 8));
      x2 = widenLow<T>(v128.load64_zero(p, 16));
      x3 = widenLow<T>(v128.load64_zero(p, 24));
    }

    sum0 = f64x2.add(sum0, f64x2.add(x0, x1));
    sum1 = f64x2.add(sum1, f64x2.add(x2, x3));
    squares0 = f64x2.add(squares0, f64x2.add(f64x2.mul(x0, x0), f64x2.mul(x1, x1)));
    squares1 = f64x2.add(squares1, f64x2.add(f64x2.mul(x2, x2), f64x2.mul(x3, x3)));
  }

  const n = <f64>((end - src) / sizeof<T>());
  const sum = sumLanesF64(f64x2.add(sum0, sum1));
  const squares = sumLanesF64(f64x2.add(squares0, squares1));
  const mean = sum / n;
  store<f64>(dst + SUMMARY_MIN, minLanes<T>(lo));
  store<f64>(dst + SUMMARY_MAX, maxLanes<T>(hi));
  store<f64>(dst + SUMMARY_MEAN, mean);
  store<f64>(dst + SUMMARY_M2, squares - sum * mean);
  store<f64>(dst + SUMMARY_COUNT, n);
  store<f64>(dst + SUMMARY_NONFINITE, 0);
  return squares;
}

/** Mean and m2 of finite samples around the mean that the quick pass found. */
function reduceCentred<T>(src: usize, end: usize, dst: usize): void {
  const mean = load<f64>(dst + SUMMARY_MEAN);
  const center = f64x2.splat(mean);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let squares0 = sum0;
  let squares1 = sum0;

  for (let p = src; p < end; p += 4 * sizeof<T>()) {
    const d0 = f64x2.sub(loadPair<T>(p), center);
    const d1 = f64x2.sub(loadPair<T>(p + 2 * sizeof<T>()), center);
    sum0 = f64x2.add(sum0, d0);
    sum1 = f64x2.add(sum1, d1);
    squares0 = f64x2.add(squares0, f64x2.mul(d0, d0));
    squares1 = f64x2.add(squares1, f64x2.mul(d1, d1));
  }

  const rest = sumLanesF64(f64x2.add(sum0, sum1));
  const offset = rest / load<f64>(dst + SUMMARY_COUNT);
  store<f64>(dst + SUMMARY_MEAN, mean + offset);
  store<f64>(dst + SUMMARY_M2, max(sumLanesF64(f64x2.add(squares0, squares1)) - rest * offset, 0));
}

/** Finite samples at or beyond full scale. A pass of its own, needed only where an extreme reaches a limit. */
function countClipped<T>(src: usize, end: usize, low: f64, high: f64): f64 {
  const lows = f64x2.splat(low);
  const highs = f64x2.splat(high);
  let count = i64x2.splat(0);
  for (let p = src; p < end; p += 2 * sizeof<T>()) {
    const x = loadPair<T>(p);
    const beyond = v128.or(f64x2.le(x, lows), f64x2.ge(x, highs));
    count = i64x2.sub(count, v128.and(beyond, finiteLanes(x)));
  }
  return <f64>sumLanesI64(count);
}
