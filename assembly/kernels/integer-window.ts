// What the kernels of 8- and 16-bit integers share. Their sums of x and x² are
// exact in i64, so any cutting gives the same figures and nothing is carried.

import {
  STATE_HIGH,
  STATE_LOW,
  STATE_OPEN,
  STATE_RESULT,
  STATE_SQUARES,
  STATE_SUM,
  SUMMARY_BYTES,
  SUMMARY_CLIPPED,
  SUMMARY_COUNT,
  SUMMARY_M2,
  SUMMARY_MAX,
  SUMMARY_MEAN,
  SUMMARY_MIN,
} from "../abi";
import { sumLanesI32 } from "./lanes";
import { openWindow } from "./open-window";
import { addTo } from "./summary";

/** Samples between two folds of the lanes to i64: few enough that no lane overflows, and they stay in L1. */
export const CHUNK_SAMPLES: usize = 4096;

/** Adds extremes and the count of samples to the open summary. */
// @ts-ignore: decorator
@inline
export function addExtremes(state: usize, lo: f64, hi: f64, samples: usize): void {
  const open = state + STATE_OPEN;
  store<f64>(open + SUMMARY_MIN, min(load<f64>(open + SUMMARY_MIN), lo));
  store<f64>(open + SUMMARY_MAX, max(load<f64>(open + SUMMARY_MAX), hi));
  addTo(open + SUMMARY_COUNT, <f64>samples);
}

/** Adds to the exact sums of the open window. */
// @ts-ignore: decorator
@inline
export function addSums(state: usize, sum: i64, squares: i64): void {
  store<i64>(state + STATE_SUM, load<i64>(state + STATE_SUM) + sum);
  store<i64>(state + STATE_SQUARES, load<i64>(state + STATE_SQUARES) + squares);
}

/** Adds the samples of [src, end), fewer than one vector step. */
export function foldTail<T>(state: usize, src: usize, end: usize): void {
  const low = load<f64>(state + STATE_LOW);
  const high = load<f64>(state + STATE_HIGH);
  let lo: f64 = Infinity;
  let hi: f64 = -Infinity;
  let sum: i64 = 0;
  let squares: i64 = 0;
  let clipped: f64 = 0;
  for (let p = src; p < end; p += sizeof<T>()) {
    const x = <i64>load<T>(p);
    lo = min(lo, <f64>x);
    hi = max(hi, <f64>x);
    sum += x;
    squares += x * x;
    if (<f64>x <= low || <f64>x >= high) clipped++;
  }
  addExtremes(state, lo, hi, (end - src) / sizeof<T>());
  addSums(state, sum, squares);
  addTo(state + STATE_OPEN + SUMMARY_CLIPPED, clipped);
}

/**
 * Counts the samples of [src, end), whole pairs of vectors, at or beyond full scale.
 *
 * A second pass, but only a chunk whose extremes reach a limit needs one, so
 * a signal inside its range pays nothing.
 */
export function countClipped<T, Signed>(state: usize, src: usize, end: usize): void {
  // `x <= low` as `x < below` and `x >= high` as `x > above`, in signed lanes:
  // one instruction each, and a limit outside the type's range needs no other.
  const half: f64 = <f64>(1 << (sizeof<T>() * 8 - 1));
  const bias: f64 = isSigned<T>() ? 0 : half;
  const low = floor(load<f64>(state + STATE_LOW)) - bias;
  const high = ceil(load<f64>(state + STATE_HIGH)) - bias;
  if (low >= half - 1 || high <= -half) {
    addTo(state + STATE_OPEN + SUMMARY_CLIPPED, <f64>((end - src) / sizeof<T>())); // all of them
    return;
  }
  const below = v128.splat<Signed>(<Signed>(<i32>max(low + 1, -half)));
  const above = v128.splat<Signed>(<Signed>(<i32>min(high - 1, half - 1)));
  const flip = v128.splat<Signed>(<Signed>(<i32>bias));

  let count = i64x2.splat(0);
  for (let p = src; p < end; p += 32) {
    const a = v128.xor(v128.load(p), flip);
    const b = v128.xor(v128.load(p, 16), flip);
    const under = v128.add<Signed>(v128.lt<Signed>(a, below), v128.lt<Signed>(b, below));
    const over = v128.add<Signed>(v128.gt<Signed>(a, above), v128.gt<Signed>(b, above));
    const beyond = v128.add<Signed>(under, over);
    // 16-bit lanes do: a chunk is at most 256 turns, and each adds at most four.
    count = i16x8.add(count, sizeof<T>() == 1 ? i16x8.extadd_pairwise_i8x16_s(beyond) : beyond);
  }
  const total = -sumLanesI32(i32x4.extadd_pairwise_i16x8_s(count));
  addTo(state + STATE_OPEN + SUMMARY_CLIPPED, <f64>total);
}

/** Closes the open window: its summary goes to the result, with mean and m2 from the exact sums. */
export function finishIntegers(state: usize): void {
  const result = state + STATE_RESULT;
  memory.copy(result, state + STATE_OPEN, SUMMARY_BYTES);

  const n = <i64>load<f64>(result + SUMMARY_COUNT);
  if (n > 0) {
    const sum = load<i64>(state + STATE_SUM);
    const squares = load<i64>(state + STATE_SQUARES);
    // Around the nearest whole mean q all is exact in i64 and small, so that
    // neither a large offset nor a small ripple loses a digit.
    const q = nearest<f64>(<f64>sum / <f64>n);
    const rest = sum - <i64>q * n;
    const around = squares - <i64>q * (2 * sum - <i64>q * n);
    store<f64>(result + SUMMARY_MEAN, q + <f64>rest / <f64>n);
    store<f64>(result + SUMMARY_M2, <f64>around - <f64>rest * (<f64>rest / <f64>n));
  }
  openWindow(state);
}
