// The reduction in AssemblyScript without SIMD, compiled for the bench alone.
// Seven f64 at `dst`: count, min, max, mean, m2, clipped, nonfinite.

export function reduceI8(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  reduceIntegers<i8>(src, samples, low, high, dst);
}
export function reduceU8(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  reduceIntegers<u8>(src, samples, low, high, dst);
}
export function reduceI16(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  reduceIntegers<i16>(src, samples, low, high, dst);
}
export function reduceU16(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  reduceIntegers<u16>(src, samples, low, high, dst);
}
export function reduceI32(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  reduceReals<i32>(src, samples, low, high, dst);
}
export function reduceF32(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  reduceReals<f32>(src, samples, low, high, dst);
}
export function reduceF64(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  reduceReals<f64>(src, samples, low, high, dst);
}

function reduceIntegers<T>(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  const least = <i32>low;
  const most = <i32>high;
  let min: i32 = i32.MAX_VALUE;
  let max: i32 = i32.MIN_VALUE;
  let sum: i64 = 0;
  let squares: i64 = 0;
  let clipped: i32 = 0;
  const end = src + <usize>samples * sizeof<T>();
  for (let p = src; p < end; p += sizeof<T>()) {
    const x = <i32>load<T>(p);
    min = select(x, min, x < min);
    max = select(x, max, x > max);
    sum += x;
    squares += <i64>x * x;
    clipped += i32(x <= least) | i32(x >= most);
  }
  const mean = <f64>sum / samples;
  write(dst, samples, min, max, mean, <f64>squares - mean * <f64>sum, clipped);
}

function reduceReals<T>(src: usize, samples: i32, low: f64, high: f64, dst: usize): void {
  const end = src + <usize>samples * sizeof<T>();
  let center: f64 = 0;
  for (let p = src; p < end; p += sizeof<T>()) {
    if (!Number.isFinite(<f64>load<T>(p))) continue;
    center = <f64>load<T>(p);
    break;
  }

  let count: i32 = 0;
  let min: f64 = Infinity;
  let max: f64 = -Infinity;
  let sum: f64 = 0;
  let squares: f64 = 0;
  let clipped: i32 = 0;
  for (let p = src; p < end; p += sizeof<T>()) {
    const x = <f64>load<T>(p);
    if (x - x !== 0) continue;
    const d = x - center;
    count++;
    min = select(x, min, x < min);
    max = select(x, max, x > max);
    sum += d;
    squares += d * d;
    clipped += i32(x <= low) | i32(x >= high);
  }
  const mean = count > 0 ? center + sum / count : 0;
  write(dst, count, min, max, mean, count > 0 ? squares - (sum * sum) / count : 0, clipped);
  store<f64>(dst + 48, samples - count);
}

function write(dst: usize, count: i32, min: f64, max: f64, mean: f64, m2: f64, clipped: i32): void {
  store<f64>(dst, count);
  store<f64>(dst + 8, min);
  store<f64>(dst + 16, max);
  store<f64>(dst + 24, mean);
  store<f64>(dst + 32, m2);
  store<f64>(dst + 40, clipped);
  store<f64>(dst + 48, 0);
}
