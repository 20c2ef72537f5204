import { STATE_HIGH, STATE_LOW } from "../abi";
import { addExtremes, addSums, CHUNK_SAMPLES, countClipped, foldTail } from "./integer-window";
import { maxLanes, minLanes, sumLanesI32, sumLanesU32 } from "./lanes";

const STEP_BYTES: usize = 32;

/** Adds 8-bit samples to the open window; T is i8 or u8. */
export function foldBytes<T>(state: usize, src: usize, samples: usize): void {
  const end = src + samples;
  const whole = src + (samples & ~(STEP_BYTES - 1));
  while (src < whole) {
    const stop = min(src + CHUNK_SAMPLES, whole);
    foldChunk<T>(state, src, stop);
    src = stop;
  }
  foldTail<T>(state, src, end);
}

function foldChunk<T>(state: usize, src: usize, end: usize): void {
  let lo = v128.splat<T>(isSigned<T>() ? <T>127 : <T>255);
  let hi = v128.splat<T>(isSigned<T>() ? <T>-128 : <T>0);
  let sum = i32x4.splat(0);
  let squares0 = sum;
  let squares1 = sum;

  for (let p = src; p < end; p += STEP_BYTES) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    lo = v128.min<T>(lo, v128.min<T>(a, b));
    hi = v128.max<T>(hi, v128.max<T>(a, b));

    const pairs = i16x8.add(v128.extadd_pairwise<T>(a), v128.extadd_pairwise<T>(b)); // four samples a lane: at most 1,020
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(pairs));

    const a0 = v128.extend_low<T>(a);
    const a1 = v128.extend_high<T>(a);
    const b0 = v128.extend_low<T>(b);
    const b1 = v128.extend_high<T>(b);
    squares0 = i32x4.add(squares0, i32x4.add(i32x4.dot_i16x8_s(a0, a0), i32x4.dot_i16x8_s(a1, a1)));
    squares1 = i32x4.add(squares1, i32x4.add(i32x4.dot_i16x8_s(b0, b0), i32x4.dot_i16x8_s(b1, b1)));
  }

  const least = minLanes<T>(lo);
  const most = maxLanes<T>(hi);
  addExtremes(state, least, most, end - src);
  addSums(state, sumLanesI32(sum), sumLanesU32(i32x4.add(squares0, squares1)));
  if (least <= load<f64>(state + STATE_LOW) || most >= load<f64>(state + STATE_HIGH)) countClipped<T, i8>(state, src, end);
}
