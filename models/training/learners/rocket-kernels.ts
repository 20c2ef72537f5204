import type { Random } from '../../../server/ingest/simulator/random.ts';

/** Points that a kernel looks at. Each weighs -1, but three of them 2. */
export const KERNEL_TAPS = 9;
/** Ways to choose three of nine. */
export const KERNELS = 84;

const MOST_DILATIONS = 32;
// The shortest: what lasts longer than their kernels reach shows in the parts as well.
const DILATIONS_WITH_MAXIMA = 4;

/** Kernels of one dilation that pad alike, half of all: what one convolution of a graph computes. */
export interface KernelBank {
  /** Points from tap to tap. */
  readonly dilation: number;
  /** Whether they also look beyond the ends of a run, where zeros are. */
  readonly isPadded: boolean;
  /** Index into `KERNEL_TRIPLES`, ascending. */
  readonly kernels: readonly number[];
  /** Of each kernel: bit r is set where it adds row r of a run. */
  readonly rowMasks: readonly number[];
  /** Of each kernel as many thresholds as of any other in the bank. */
  readonly thresholdsPerKernel: number;
  /** Whether the largest output of each kernel is a feature too. */
  readonly hasMaxima: boolean;
}

/**
 * What becomes of a kernel's outputs: the parts of them above thresholds alone, as in MiniRocket, or, of the shortest
 * dilations, their maximum as well, as in ROCKET (Dempster, Petitjean, Webb, DMKD 34, 2020). A part hardly shows an event of
 * a few points in many, a maximum does.
 */
export type RocketPooling = 'ppv' | 'ppv-max';

/** Of each kernel the three taps that weigh 2. */
export const KERNEL_TRIPLES: readonly (readonly [number, number, number])[] = triples();

/**
 * Lays out about `features` features (a multiple of 84, at least 84, or 168 with maxima) for runs of `length` points, 9 or
 * more, after MiniRocket (Dempster, Schmidt, Webb, KDD 2021): dilations spread from 1 to the longest that fits, every other
 * kernel padded. A kernel has two thresholds or more for each dilation, as a convolution costs more than a threshold. Of
 * several rows a kernel adds a random choice, as MiniRocketMultivariate of the same authors does.
 */
export function layOutKernels(
  { features, pooling, length, rows }: { features: number; pooling: RocketPooling; length: number; rows: number },
  random: Random,
): KernelBank[] {
  const spread = spreadDilations(Math.floor(features / KERNELS), pooling, length);
  return spread.flatMap(({ dilation, thresholds, hasMaxima }, i) =>
    [true, false].map((isPadded) => {
      const parity = isPadded ? i % 2 : 1 - (i % 2);
      const kernels = Array.from({ length: KERNELS / 2 }, (_, k) => 2 * k + parity);
      return {
        dilation,
        isPadded,
        kernels,
        rowMasks: kernels.map(() => drawRows(rows, random)),
        thresholdsPerKernel: thresholds,
        hasMaxima,
      };
    }),
  );
}

/** Points before the middle one of a kernel's nine. */
export function marginOf({ dilation }: Pick<KernelBank, 'dilation'>): number {
  return ((KERNEL_TAPS - 1) / 2) * dilation;
}

/** Thresholds that the banks come to. */
export function thresholdsOf(banks: readonly KernelBank[]): number {
  return banks.reduce((sum, { kernels, thresholdsPerKernel }) => sum + kernels.length * thresholdsPerKernel, 0);
}

/** Features that the banks come to. */
export function featuresOf(banks: readonly KernelBank[]): number {
  return banks.reduce((sum, { kernels, hasMaxima }) => sum + (hasMaxima ? kernels.length : 0), thresholdsOf(banks));
}

interface Spread {
  readonly dilation: number;
  /** Of each kernel. */
  thresholds: number;
  readonly hasMaxima: boolean;
}

// `features` of each kernel, dilations ascending.
function spreadDilations(features: number, pooling: RocketPooling, length: number): Spread[] {
  const wanted = pooling === 'ppv' ? 0 : Math.max(1, Math.min(DILATIONS_WITH_MAXIMA, Math.floor(features / 3)));
  const most = Math.max(1, Math.min(Math.floor((features - wanted) / 2), MOST_DILATIONS));
  const exponent = Math.log2((length - 1) / (KERNEL_TAPS - 1));
  const counts = new Map<number, number>();
  for (let i = 0; i < most; i++) {
    const dilation = Math.floor(2 ** ((i * exponent) / Math.max(1, most - 1)));
    counts.set(dilation, (counts.get(dilation) ?? 0) + 1);
  }
  const maxima = Math.min(wanted, counts.size);
  const all = Math.max(1, features - maxima);
  const spread = [...counts].map(([dilation, n], i): Spread => {
    return { dilation, thresholds: Math.floor((n * all) / most), hasMaxima: i < maxima };
  });
  const rest = all - spread.reduce((sum, { thresholds }) => sum + thresholds, 0);
  for (let i = 0; i < rest; i++) spread[i % spread.length].thresholds++;
  return spread;
}

// One row as often as several, as 2^u of an even u has it.
function drawRows(rows: number, random: Random): number {
  const count = Math.floor(2 ** random.between(0, Math.log2(rows + 1)));
  const left = Array.from({ length: rows }, (_, row) => row);
  let mask = 0;
  for (let i = 0; i < count; i++) mask |= 1 << left.splice(random.whole(0, left.length - 1), 1)[0];
  return mask;
}

function triples(): [number, number, number][] {
  const found: [number, number, number][] = [];
  for (let a = 0; a < KERNEL_TAPS; a++) {
    for (let b = a + 1; b < KERNEL_TAPS; b++) for (let c = b + 1; c < KERNEL_TAPS; c++) found.push([a, b, c]);
  }
  return found;
}
