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
 * Counts the samples of [src, end), whole vectors, at or beyond full scale.
 *
 * A second pass, but only a chunk whose extremes reach a limit needs one, so
 * a signal inside its range pays nothing.
 */
export function countClipped<T>(state: usize, src: usize, end: usize): void {
  // A limit outside the type's range has no lane value: its mask takes it out.
  const low = floor(load<f64>(state + STATE_LOW));
  const high = ceil(load<f64>(state + STATE_HIGH));
  const least = <f64>i64(isSigned<T>() ? -(1 << (sizeof<T>() * 8 - 1)) : 0);
  const most = least + <f64>((1 << (sizeof<T>() * 8)) - 1);
  const anyLow = i8x16.splat(low >= least ? -1 : 0);
  const anyHigh = i8x16.splat(high <= most ? -1 : 0);
  const lows = v128.splat<T>(<T>(<i32>min(max(low, least), most)));
  const highs = v128.splat<T>(<T>(<i32>min(max(high, least), most)));

  let lanes: i32 = 0;
  for (let p = src; p < end; p += 16) {
    const v = v128.load(p);
    const mask = v128.or(v128.and(v128.le<T>(v, lows), anyLow), v128.and(v128.ge<T>(v, highs), anyHigh));
    lanes += popcnt<i32>(v128.bitmask<T>(mask));
  }
  addTo(state + STATE_OPEN + SUMMARY_CLIPPED, <f64>lanes);
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
