import { STATE_HIGH, STATE_LOW } from "../abi";
import { addExtremes, addSums, CHUNK_SAMPLES, countClipped, foldTail } from "./integer-window";
import { maxLanes, minLanes, sumLanesI32, sumLanesI64 } from "./lanes";

const STEP_BYTES: usize = 64;

/** Adds 16-bit samples to the open window; T is i16 or u16. */
export function foldWords<T>(state: usize, src: usize, samples: usize): void {
  const end = src + samples * 2;
  const whole = src + ((samples * 2) & ~(STEP_BYTES - 1));
  while (src < whole) {
    const stop = min(src + CHUNK_SAMPLES * 2, whole);
    foldChunk<T>(state, src, stop);
    src = stop;
  }
  foldTail<T>(state, src, end);
}

function foldChunk<T>(state: usize, src: usize, end: usize): void {
  // Unsigned samples are reduced less 32,768, so that both types multiply as signed.
  const bias: i64 = isSigned<T>() ? 0 : 32768;
  const flip = i16x8.splat(<i16>bias);
  const ones = i16x8.splat(1);
  let lo0 = i16x8.splat(i16.MAX_VALUE);
  let lo1 = lo0;
  let hi0 = i16x8.splat(i16.MIN_VALUE);
  let hi1 = hi0;
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let low = i64x2.splat(0);
  let high = low;

  for (let p = src; p < end; p += STEP_BYTES) {
    let a = v128.load(p);
    let b = v128.load(p, 16);
    let c = v128.load(p, 32);
    let d = v128.load(p, 48);
    if (!isSigned<T>()) {
      a = v128.xor(a, flip);
      b = v128.xor(b, flip);
      c = v128.xor(c, flip);
      d = v128.xor(d, flip);
    }
    lo0 = i16x8.min_s(lo0, a);
    hi0 = i16x8.max_s(hi0, a);
    lo1 = i16x8.min_s(lo1, b);
    hi1 = i16x8.max_s(hi1, b);
    lo0 = i16x8.min_s(lo0, c);
    hi0 = i16x8.max_s(hi0, c);
    lo1 = i16x8.min_s(lo1, d);
    hi1 = i16x8.max_s(hi1, d);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(a, ones));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(b, ones));
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(c, ones));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(d, ones));

    // Four squares a u32 lane, summed as u64 lanes: `low` holds both halves
    // modulo 2^64, `high` the upper halves alone.
    const ab = i32x4.add(i32x4.dot_i16x8_s(a, a), i32x4.dot_i16x8_s(b, b));
    const cd = i32x4.add(i32x4.dot_i16x8_s(c, c), i32x4.dot_i16x8_s(d, d));
    low = i64x2.add(low, ab);
    high = i64x2.add(high, i64x2.shr_u(ab, 32));
    low = i64x2.add(low, cd);
    high = i64x2.add(high, i64x2.shr_u(cd, 32));
  }

  const lo = <i64>minLanes<i16>(i16x8.min_s(lo0, lo1));
  const hi = <i64>maxLanes<i16>(i16x8.max_s(hi0, hi1));
  const samples = (end - src) >> 1;
  const sum = sumLanesI32(i32x4.add(sum0, sum1));
  const upper = sumLanesI64(high);
  let squares = sumLanesI64(low) - (upper << 32) + upper;
  // Only four squares of -32,768 in one lane do not fit a u32.
  if (lo == i16.MIN_VALUE) squares = sumSquares(src, end, flip, bias);

  addExtremes(state, <f64>(lo + bias), <f64>(hi + bias), samples);
  addSums(state, sum + bias * <i64>samples, squares + bias * (2 * sum + bias * <i64>samples));
  if (<f64>(lo + bias) <= load<f64>(state + STATE_LOW) || <f64>(hi + bias) >= load<f64>(state + STATE_HIGH)) {
    countClipped<T>(state, src, end);
  }
}

/** Sum of squares of any 16-bit samples, less the bias. */
function sumSquares(src: usize, end: usize, flip: v128, bias: i64): i64 {
  let low = i64x2.splat(0);
  let high = low;
  if (bias == 0) flip = i64x2.splat(0);
  for (let p = src; p < end; p += 16) {
    const v = v128.xor(v128.load(p), flip);
    const pairs = i32x4.dot_i16x8_s(v, v); // two squares are at most 2^31, a u32
    low = i64x2.add(low, pairs);
    high = i64x2.add(high, i64x2.shr_u(pairs, 32));
  }
  const upper = sumLanesI64(high);
  return sumLanesI64(low) - (upper << 32) + upper;
}
