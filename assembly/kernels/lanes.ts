// Folds of one vector to one number. Called once a chunk, not once a sample.

// @ts-ignore: decorator
@inline
export function swapHalves(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 0);
}

/** The least of the lanes of type T; -0 is less than 0. */
// @ts-ignore: decorator
@inline
export function minLanes<T>(v: v128): f64 {
  v = v128.min<T>(v, swapHalves(v));
  if (sizeof<T>() <= 4) v = v128.min<T>(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2));
  if (sizeof<T>() <= 2) v = v128.min<T>(v, v128.shuffle<i16>(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
  if (sizeof<T>() <= 1) v = v128.min<T>(v, v128.shuffle<i8>(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  return <f64>v128.extract_lane<T>(v, 0);
}

/** The greatest of the lanes of type T; 0 is greater than -0. */
// @ts-ignore: decorator
@inline
export function maxLanes<T>(v: v128): f64 {
  v = v128.max<T>(v, swapHalves(v));
  if (sizeof<T>() <= 4) v = v128.max<T>(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2));
  if (sizeof<T>() <= 2) v = v128.max<T>(v, v128.shuffle<i16>(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
  if (sizeof<T>() <= 1) v = v128.max<T>(v, v128.shuffle<i8>(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  return <f64>v128.extract_lane<T>(v, 0);
}

// @ts-ignore: decorator
@inline
export function sumLanesF64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
export function sumLanesI64(v: v128): i64 {
  return i64x2.extract_lane(v, 0) + i64x2.extract_lane(v, 1);
}

/** Sum of four i32 lanes, in i64. */
// @ts-ignore: decorator
@inline
export function sumLanesI32(v: v128): i64 {
  return sumLanesI64(i64x2.add(i64x2.extend_low_i32x4_s(v), i64x2.extend_high_i32x4_s(v)));
}

/** Sum of four u32 lanes, in i64. */
// @ts-ignore: decorator
@inline
export function sumLanesU32(v: v128): i64 {
  return sumLanesI64(i64x2.add(i64x2.extend_low_i32x4_u(v), i64x2.extend_high_i32x4_u(v)));
}
