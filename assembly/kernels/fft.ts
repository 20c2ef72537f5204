/**
 * Fourier transform in place of `1 << log2` complex numbers: f64 parts at `re`
 * and `im`, frequency k at place k of the result, not scaled.
 *
 * `turns` holds what the butterflies turn by, 2N f64: the cosines of all stages,
 * then the sines. Stage `half` (1, 2, 4 … N / 2) takes the entries half + k,
 * of angle -π k / half, so that each stage reads its own in one run.
 */
export function fft(re: usize, im: usize, turns: usize, log2: i32): void {
  const size: i32 = 1 << log2;
  reverseBits(re, im, size);
  if (size > 1) foldPairs(re, im, size);
  for (let half = 2; half < size; half <<= 1) foldStage(re, im, turns, size, half);
}

/** Puts every number where the reversed bits of its place say. */
function reverseBits(re: usize, im: usize, size: i32): void {
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    while (j & bit) {
      j ^= bit;
      bit >>= 1;
    }
    j |= bit;
    if (i >= j) continue;
    swap(re + (<usize>i << 3), re + (<usize>j << 3));
    swap(im + (<usize>i << 3), im + (<usize>j << 3));
  }
}

// @ts-ignore: decorator
@inline
function swap(a: usize, b: usize): void {
  const kept = load<f64>(a);
  store<f64>(a, load<f64>(b));
  store<f64>(b, kept);
}

/** The first stage, which turns by nothing. */
function foldPairs(re: usize, im: usize, size: i32): void {
  const bytes = <usize>size << 3;
  for (let at: usize = 0; at < bytes; at += 16) {
    foldPair(re + at);
    foldPair(im + at);
  }
}

// @ts-ignore: decorator
@inline
function foldPair(at: usize): void {
  const a = load<f64>(at);
  const b = load<f64>(at, 8);
  store<f64>(at, a + b);
  store<f64>(at, a - b, 8);
}

/** Butterflies of numbers `half` apart, two at a time. */
function foldStage(re: usize, im: usize, turns: usize, size: i32, half: i32): void {
  const apart = <usize>half << 3;
  const end = <usize>size << 3;
  const cosines = turns + apart;
  const sines = cosines + end;
  for (let block: usize = 0; block < end; block += 2 * apart) {
    for (let k: usize = 0; k < apart; k += 16) {
      const r = re + block + k;
      const i = im + block + k;
      const c = v128.load(cosines + k);
      const s = v128.load(sines + k);
      const br = v128.load(r + apart);
      const bi = v128.load(i + apart);
      const tr = f64x2.sub(f64x2.mul(br, c), f64x2.mul(bi, s));
      const ti = f64x2.add(f64x2.mul(br, s), f64x2.mul(bi, c));
      const ar = v128.load(r);
      const ai = v128.load(i);
      v128.store(r, f64x2.add(ar, tr));
      v128.store(i, f64x2.add(ai, ti));
      v128.store(r + apart, f64x2.sub(ar, tr));
      v128.store(i + apart, f64x2.sub(ai, ti));
    }
  }
}
