import fc from 'fast-check';
import { INTEGER_RANGE, SAMPLE_BYTES, type SampleType } from '../../server/kernels/sample-type.ts';
import { SAMPLE_ARRAYS, SAMPLE_TYPES, type SampleArray } from './kernels.ts';
import { seededRandom } from './seeded-random.ts';

/** A window of samples, the limits it is reduced with, and where its input is cut. */
export interface SampleWindow {
  readonly type: SampleType;
  readonly samples: SampleArray;
  readonly fullScale: readonly [low: number, high: number] | undefined;
  /** Ends of the chunks, rising, the last at the window's end. */
  readonly cuts: readonly number[];
}

/** No window is longer; the default one has 50,000 samples. */
export const LONGEST_SAMPLES = 120_000;

/** Windows of every type and temper: noise, ripple on a large offset, constants, zeros of either sign, ends of the range, any bits at all. */
export const sampleWindow: fc.Arbitrary<SampleWindow> = fc
  .record({
    type: fc.constantFrom(...SAMPLE_TYPES),
    temper: fc.constantFrom<Temper>('noise', 'offset', 'constant', 'zeros', 'ends', 'bits'),
    length: fc.oneof(
      { weight: 60, arbitrary: fc.nat(100) },
      { weight: 30, arbitrary: fc.nat(2_500) },
      { weight: 10, arbitrary: fc.nat(9_000) },
      { weight: 1, arbitrary: fc.constantFrom(49_999, 50_000, 50_001) },
      { weight: 1, arbitrary: fc.integer({ min: 50_000, max: LONGEST_SAMPLES }) },
    ),
    seed: fc.integer(),
    limits: fc.constantFrom<Limits>('default', 'inside', 'half', 'outside', 'under', 'over'),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
    broken: fc.constantFrom(0, 0, 0.01, 0.5, 1),
  })
  .map(({ type, temper, length, seed, limits, cuts, broken }) => {
    const random = seededRandom(seed);
    const samples = fill(type, temper, length, random);
    if (type === 'f32' || type === 'f64') breakSome(samples, broken, random);
    return {
      type,
      samples,
      fullScale: fullScale(limits, samples, random),
      cuts: [...cuts.map((part) => Math.floor(part * length)).sort((a, b) => a - b), length],
    };
  });

type Temper = 'noise' | 'offset' | 'constant' | 'zeros' | 'ends' | 'bits';

type Limits = 'default' | 'inside' | 'half' | 'outside' | 'under' | 'over';

const FLOAT_ENDS = {
  f32: [0, -0, 1, 3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -1e-45, 1.1754943508222875e-38],
  f64: [0, -0, 1, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 2.2250738585072014e-308],
};
const NOT_FINITE = [NaN, Infinity, -Infinity];

function fill(type: SampleType, temper: Temper, length: number, random: () => number): SampleArray {
  const samples = new SAMPLE_ARRAYS[type](length);
  if (temper === 'bits') {
    const bytes = new Uint8Array(samples.buffer);
    for (let i = 0; i < bytes.length; i++) bytes[i] = random() * 256;
    return samples;
  }

  const draw = drawer(type, temper, random);
  for (let i = 0; i < length; i++) samples[i] = draw();
  return samples;
}

function drawer(type: SampleType, temper: Exclude<Temper, 'bits'>, random: () => number): () => number {
  const float = type === 'f32' || type === 'f64';
  const [low, high] = float ? [-(10 ** (random() * 12 - 6)), 10 ** (random() * 12 - 6)] : INTEGER_RANGE[type];
  const level = low + random() * (high - low);
  const spread = (high - low) * 10 ** (-6 * random());
  const ends = float ? FLOAT_ENDS[type] : [low, low + 1, 0, high - 1, high];
  switch (temper) {
    case 'noise':
      return () => Math.min(high, Math.max(low, level + spread * (random() - 0.5)));
    case 'offset':
      return float ? () => level * 1e6 + spread * random() : () => high - Math.floor(random() * 2);
    case 'constant':
      return () => level;
    case 'zeros': {
      const sign = random() < 0.5 ? 1 : -1;
      return () => [0, -0, sign][Math.floor(random() * 3)];
    }
    case 'ends':
      return () => ends[Math.floor(random() * ends.length)];
  }
}

function breakSome(samples: SampleArray, part: number, random: () => number): void {
  if (part === 0) return;
  for (let i = 0; i < samples.length; i++) {
    if (random() < part) samples[i] = NOT_FINITE[Math.floor(random() * NOT_FINITE.length)];
  }
}

/** Limits that some samples meet exactly, that no sample can, or that every sample is beyond. */
function fullScale(limits: Limits, samples: SampleArray, random: () => number): SampleWindow['fullScale'] {
  const pick = () => samples[Math.floor(random() * samples.length)];
  const [a, b] = [pick(), pick()];
  if (limits === 'default' || !(a < b)) return undefined;
  if (limits === 'inside') return [a, b];
  if (limits === 'half') return [a + 0.5, Math.max(a + 0.75, b - 0.5)];
  return { outside: [-1e300, 1e300], under: [-1e300, -1e299], over: [1e299, 1e300] }[limits] as [number, number];
}

/** Bytes a window takes. */
export function windowBytes({ type, samples }: SampleWindow): number {
  return samples.length * SAMPLE_BYTES[type];
}
