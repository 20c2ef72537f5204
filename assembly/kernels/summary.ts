import {
  SUMMARY_CLIPPED,
  SUMMARY_COUNT,
  SUMMARY_M2,
  SUMMARY_MAX,
  SUMMARY_MEAN,
  SUMMARY_MIN,
  SUMMARY_NONFINITE,
} from "../abi";

// @ts-ignore: decorator
@inline
export function writeEmptySummary(dst: usize): void {
  store<f64>(dst + SUMMARY_MIN, Infinity);
  store<f64>(dst + SUMMARY_MAX, -Infinity);
  store<f64>(dst + SUMMARY_MEAN, 0);
  store<f64>(dst + SUMMARY_M2, 0);
  store<f64>(dst + SUMMARY_COUNT, 0);
  store<f64>(dst + SUMMARY_CLIPPED, 0);
  store<f64>(dst + SUMMARY_NONFINITE, 0);
}

/** Adds to the f64 at `field`. */
// @ts-ignore: decorator
@inline
export function addTo(field: usize, value: f64): void {
  store<f64>(field, load<f64>(field) + value);
}

/** Merges the summary at `src` into the one at `dst` (Chan, Golub and LeVeque, 1979). */
export function mergeInto(dst: usize, src: usize): void {
  addTo(dst + SUMMARY_CLIPPED, load<f64>(src + SUMMARY_CLIPPED));
  addTo(dst + SUMMARY_NONFINITE, load<f64>(src + SUMMARY_NONFINITE));

  const b = load<f64>(src + SUMMARY_COUNT);
  if (b == 0) return;
  const a = load<f64>(dst + SUMMARY_COUNT);
  const n = a + b;
  const weight = b / n; // 1 where dst is empty: its mean 0 and m2 0 drop out
  const mean = load<f64>(dst + SUMMARY_MEAN);
  const other = load<f64>(src + SUMMARY_MEAN);
  const delta = other - mean;
  // Two means of opposite sign can be further apart than f64 reaches.
  const half = (other * 0.5 - mean * 0.5) * weight;

  store<f64>(dst + SUMMARY_MIN, min(load<f64>(dst + SUMMARY_MIN), load<f64>(src + SUMMARY_MIN)));
  store<f64>(dst + SUMMARY_MAX, max(load<f64>(dst + SUMMARY_MAX), load<f64>(src + SUMMARY_MAX)));
  store<f64>(dst + SUMMARY_MEAN, isFinite(delta) ? mean + delta * weight : mean + half + half);
  // In this order the product with a = 0 is 0, not inf * 0.
  if (a > 0) addTo(dst + SUMMARY_M2, delta * delta * (a * weight));
  addTo(dst + SUMMARY_M2, load<f64>(src + SUMMARY_M2));
  store<f64>(dst + SUMMARY_COUNT, n);
}
