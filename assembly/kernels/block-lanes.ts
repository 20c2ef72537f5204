// Samples of i32, f32 and f64 as lanes, for the passes over a block.

/** Two samples of type T as f64 lanes. */
// @ts-ignore: decorator
@inline
export function loadPair<T>(p: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(p) : widenLow<T>(v128.load64_zero(p));
}

/** The low two of four samples of type T as f64 lanes. */
// @ts-ignore: decorator
@inline
export function widenLow<T>(v: v128): v128 {
  return isFloat<T>() ? f64x2.promote_low_f32x4(v) : f64x2.convert_low_i32x4_s(v);
}

// @ts-ignore: decorator
@inline
export function lesser<T>(a: v128, b: v128): v128 {
  // pmin(a, b) is `b < a ? b : a`, one instruction where min has to mind NaN and -0.
  return isFloat<T>() ? v128.pmin<T>(a, b) : v128.min<T>(a, b);
}

// @ts-ignore: decorator
@inline
export function greater<T>(a: v128, b: v128): v128 {
  return isFloat<T>() ? v128.pmax<T>(a, b) : v128.max<T>(a, b);
}

/** All bits set in the lanes that hold a finite number: x - x is 0 there and NaN elsewhere. */
// @ts-ignore: decorator
@inline
export function finiteLanes(x: v128): v128 {
  return f64x2.eq(f64x2.sub(x, x), f64x2.splat(0));
}

/** Two samples, 0 in place of what is not finite. */
// @ts-ignore: decorator
@inline
export function finitePair<T>(p: usize): v128 {
  const x = loadPair<T>(p);
  return v128.and(x, finiteLanes(x));
}
