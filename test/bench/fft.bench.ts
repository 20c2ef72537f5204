import { expect, it } from 'vitest';
import { FftKernel } from '../../server/kernels/fft-kernel.ts';
import { loadKernels } from '../support/kernels.ts';
import { seededRandom } from '../support/seeded-random.ts';

const ROUNDS = 10;

it.each([12, 16, 20])('transforms 2^%i samples at least as fast as plain JavaScript', async (log2) => {
  const kernel = new FftKernel(await loadKernels(), log2);
  const random = seededRandom(1);
  const signal = Float64Array.from({ length: kernel.size }, () => random() - 0.5);
  const plain = { re: new Float64Array(kernel.size), im: new Float64Array(kernel.size) };

  let [wasm, js] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    kernel.re.set(signal);
    kernel.im.fill(0);
    plain.re.set(signal);
    plain.im.fill(0);
    wasm = Math.min(
      wasm,
      timed(() => kernel.transform()),
    );
    js = Math.min(
      js,
      timed(() => plainFft(plain.re, plain.im)),
    );
  }

  console.log(`2^${log2}: wasm ${wasm.toFixed(2)} ms, plain js ${js.toFixed(2)} ms (${(js / wasm).toFixed(1)}×)`);
  const off = kernel.re.map((value, k) => Math.abs(value - plain.re[k]));
  expect(off.reduce((a, b) => Math.max(a, b))).toBeLessThan(1e-6);
  expect(wasm).toBeLessThanOrEqual(js);
});

function timed(run: () => void): number {
  const startMs = performance.now();
  run();
  return performance.now() - startMs;
}

// What we would write without WASM.
function plainFft(re: Float64Array, im: Float64Array): void {
  const { length } = re;
  for (let i = 1, j = 0; i < length; i++) {
    let bit = length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  for (let half = 1; half < length; half *= 2) {
    for (let k = 0; k < half; k++) {
      const c = Math.cos((-Math.PI * k) / half);
      const s = Math.sin((-Math.PI * k) / half);
      for (let i = k; i < length; i += 2 * half) {
        const tr = re[i + half] * c - im[i + half] * s;
        const ti = re[i + half] * s + im[i + half] * c;
        re[i + half] = re[i] - tr;
        im[i + half] = im[i] - ti;
        re[i] += tr;
        im[i] += ti;
      }
    }
  }
}
