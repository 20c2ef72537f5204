/**
 * Welch's estimate of the power density of `samples`, in their unit squared a
 * sample: segments of `size`, a power of two, half overlapping, under a Hann
 * window, each without its mean. Entry k belongs to the frequency k / size.
 */
export function powerDensity(samples: Float64Array, size: number): Float64Array {
  const window = Float64Array.from({ length: size }, (_, i) => Math.sin((Math.PI * i) / size) ** 2);
  const power = window.reduce((sum, w) => sum + w * w, 0);
  const density = new Float64Array(size / 2 + 1);
  let segments = 0;
  for (let start = 0; start + size <= samples.length; start += size / 2) {
    const segment = samples.subarray(start, start + size);
    const mean = segment.reduce((sum, x) => sum + x, 0) / size;
    const re = segment.map((x, i) => (x - mean) * window[i]);
    const im = new Float64Array(size);
    transform(re, im);
    for (let k = 0; k < density.length; k++) density[k] += (re[k] ** 2 + im[k] ** 2) / power;
    segments++;
  }
  return density.map((d) => d / segments);
}

// Fourier transform in place: the order of reversed bits first, then ever longer butterflies.
function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j], re[i], im[j], im[i]];
  }
  for (let length = 2; length <= n; length *= 2) {
    const half = length / 2;
    for (let k = 0; k < half; k++) {
      const cos = Math.cos((2 * Math.PI * k) / length);
      const sin = -Math.sin((2 * Math.PI * k) / length);
      for (let i = k; i < n; i += length) {
        const turnedRe = cos * re[i + half] - sin * im[i + half];
        const turnedIm = cos * im[i + half] + sin * re[i + half];
        re[i + half] = re[i] - turnedRe;
        im[i + half] = im[i] - turnedIm;
        re[i] += turnedRe;
        im[i] += turnedIm;
      }
    }
  }
}
