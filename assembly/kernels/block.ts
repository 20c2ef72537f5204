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
import { maxLanes, minLanes, sumLanesF64, sumLanesI64 } from "./lanes";

/** Below this part of the sum of squares, their difference to n·mean² has lost too many digits. */
const CANCELLED: f64 = 1.0 / 65536;

/**
 * Reduces one block of i32, f32 or f64 samples in [src, end), a multiple of
 * `TAIL_SAMPLES`, to a summary record at `dst`. Sums are f64.
 *
 * The quick pass trusts that all samples are finite and near zero against
 * their spread, and proves it by its own sums; only a block that is not is
 * read again, from L1.
 */
export function reduceBlock<T>(src: usize, end: usize, low: f64, high: f64, dst: usize): void {
  reduceQuick<T>(src, end, dst);

  const squares = load<f64>(dst + SUMMARY_CLIPPED); // lent by the quick pass
  const m2 = load<f64>(dst + SUMMARY_M2);
  if (squares - squares != 0) {
    reduceCareful<T>(src, end, dst); // a sample is not finite, or squares overflow
  } else if (!(m2 > squares * CANCELLED)) {
    reduceCentred<T>(src, end, dst);
  }

  const least = load<f64>(dst + SUMMARY_MIN);
  const most = load<f64>(dst + SUMMARY_MAX);
  if (isFloat<T>() && (least == 0 || most == 0)) findExtremes<T>(src, end, dst); // which zero?
  store<f64>(dst + SUMMARY_CLIPPED, least <= low || most >= high ? countClipped<T>(src, end, low, high) : 0);
}

/** Two samples of type T as f64 lanes. */
// @ts-ignore: decorator
@inline
function loadPair<T>(p: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(p) : widenLow<T>(v128.load64_zero(p));
}

/** The low two of four samples of type T as f64 lanes. */
// @ts-ignore: decorator
@inline
function widenLow<T>(v: v128): v128 {
  return isFloat<T>() ? f64x2.promote_low_f32x4(v) : f64x2.convert_low_i32x4_s(v);
}

// @ts-ignore: decorator
@inline
function lesser<T>(a: v128, b: v128): v128 {
  // pmin(a, b) is `b < a ? b : a`, one instruction where min has to mind NaN and -0.
  return isFloat<T>() ? v128.pmin<T>(a, b) : v128.min<T>(a, b);
}

// @ts-ignore: decorator
@inline
function greater<T>(a: v128, b: v128): v128 {
  return isFloat<T>() ? v128.pmax<T>(a, b) : v128.max<T>(a, b);
}

/**
 * One pass without masks or offset. Leaves the sum of squares in `clipped`.
 *
 * Few accumulators on purpose: what does not fit the registers would travel
 * through the stack in every turn.
 */
function reduceQuick<T>(src: usize, end: usize, dst: usize): void {
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
  store<f64>(dst + SUMMARY_CLIPPED, squares);
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

/** All figures of any samples: what is not finite is left out, and sums of the greatest f64 do not overflow. */
function reduceCareful<T>(src: usize, end: usize, dst: usize): void {
  const n = findExtremes<T>(src, end, dst);
  store<f64>(dst + SUMMARY_COUNT, n);
  store<f64>(dst + SUMMARY_NONFINITE, <f64>((end - src) / sizeof<T>()) - n);
  store<f64>(dst + SUMMARY_MEAN, 0);
  store<f64>(dst + SUMMARY_M2, 0);
  if (n == 0) return;

  // Scaled by a power of two, huge samples square without overflow; what that
  // takes from the small ones among them is below the last digit of the sums.
  const size = max(abs(load<f64>(dst + SUMMARY_MIN)), abs(load<f64>(dst + SUMMARY_MAX)));
  const down: f64 = size > 1e150 ? HUGE_DOWN : 1;
  const up: f64 = size > 1e150 ? HUGE_UP : 1;
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

const HUGE_DOWN: f64 = reinterpret<f64>(0x1A70000000000000); // 2^-600
const HUGE_UP: f64 = reinterpret<f64>(0x6570000000000000); // 2^600

/** Writes the exact extremes of the finite samples, -0 below 0, and returns how many there are. */
function findExtremes<T>(src: usize, end: usize, dst: usize): f64 {
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

/** All bits set in the lanes that hold a finite number: x - x is 0 there and NaN elsewhere. */
// @ts-ignore: decorator
@inline
function finiteLanes(x: v128): v128 {
  return f64x2.eq(f64x2.sub(x, x), f64x2.splat(0));
}

/** Two samples, 0 in place of what is not finite. */
// @ts-ignore: decorator
@inline
function finitePair<T>(p: usize): v128 {
  const x = loadPair<T>(p);
  return v128.and(x, finiteLanes(x));
}
