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
  let lo = i16x8.splat(i16.MAX_VALUE);
  let hi = i16x8.splat(i16.MIN_VALUE);
  let sum = i32x4.splat(0);
  let low = i64x2.splat(0);
  let high = low;

  for (let p = src; p < end; p += STEP_BYTES) {
    let a = v128.load(p);
    let b = v128.load(p, 16);
    let c = v128.load(p, 32);
    let d = v128.load(p, 48);
    if (bias != 0) {
      a = v128.xor(a, flip);
      b = v128.xor(b, flip);
      c = v128.xor(c, flip);
      d = v128.xor(d, flip);
    }
    lo = i16x8.min_s(lo, i16x8.min_s(i16x8.min_s(a, b), i16x8.min_s(c, d)));
    hi = i16x8.max_s(hi, i16x8.max_s(i16x8.max_s(a, b), i16x8.max_s(c, d)));
    sum = i32x4.add(sum, i32x4.add(sumPairs(a, b, ones), sumPairs(c, d, ones)));

    // Four squares a u32 lane, summed as u64 lanes: `low` holds both halves
    // modulo 2^64, `high` the upper halves alone.
    const ab = i32x4.add(i32x4.dot_i16x8_s(a, a), i32x4.dot_i16x8_s(b, b));
    const cd = i32x4.add(i32x4.dot_i16x8_s(c, c), i32x4.dot_i16x8_s(d, d));
    low = i64x2.add(low, i64x2.add(ab, cd));
    high = i64x2.add(high, i64x2.add(i64x2.shr_u(ab, 32), i64x2.shr_u(cd, 32)));
  }

  const least = <i64>minLanes<i16>(lo);
  const most = <i64>maxLanes<i16>(hi);
  const samples = (end - src) >> 1;
  const total = sumLanesI32(sum);
  const upper = sumLanesI64(high);
  let squares = sumLanesI64(low) - (upper << 32) + upper;
  // Only four squares of -32,768 in one lane do not fit a u32.
  if (least == i16.MIN_VALUE) squares = sumSquares(src, end, flip);

  addExtremes(state, <f64>(least + bias), <f64>(most + bias), samples);
  addSums(state, total + bias * <i64>samples, squares + bias * (2 * total + bias * <i64>samples));
  if (<f64>(least + bias) <= load<f64>(state + STATE_LOW) || <f64>(most + bias) >= load<f64>(state + STATE_HIGH)) {
    countClipped<T, i16>(state, src, end);
  }
}

// @ts-ignore: decorator
@inline
function sumPairs(a: v128, b: v128, ones: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(a, ones), i32x4.dot_i16x8_s(b, ones));
}

/** Sum of squares of any 16-bit samples, after `flip`. */
function sumSquares(src: usize, end: usize, flip: v128): i64 {
  let low = i64x2.splat(0);
  let high = low;
  for (let p = src; p < end; p += 32) {
    const a = v128.xor(v128.load(p), flip);
    const b = v128.xor(v128.load(p, 16), flip);
    const aa = i32x4.dot_i16x8_s(a, a); // two squares are at most 2^31, a u32
    const bb = i32x4.dot_i16x8_s(b, b);
    low = i64x2.add(low, i64x2.add(aa, bb));
    high = i64x2.add(high, i64x2.add(i64x2.shr_u(aa, 32), i64x2.shr_u(bb, 32)));
  }
  const upper = sumLanesI64(high);
  return sumLanesI64(low) - (upper << 32) + upper;
}
