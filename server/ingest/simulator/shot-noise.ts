import { Random } from './random.ts';

/** The photomultiplier and its amplifier. Levels are in volts, the converter's counts are `VOLTS_PER_COUNT`. */
export const VOLTS_PER_COUNT = 1 / 32_768;
/** Light of a burning plasma, V. */
export const NOMINAL_LEVEL = 0.1145;
/** Photoelectrons a sample at the nominal level: what the shot noise follows from. */
const PHOTOELECTRONS = 4000;
/** The amplifier is one pole at this share of the sample rate: 2 MHz at 10 MS/s. */
const BANDWIDTH = 0.2;

/** Counts that stand for no noise in the tables: so none is negative, and two can be added in one integer operation. */
export const NOISE_ZERO = 2048;

const POLE = Math.exp(-2 * Math.PI * BANDWIDTH);
const COUNTS_PER_ELECTRON = NOMINAL_LEVEL / VOLTS_PER_COUNT / PHOTOELECTRONS;
const TABLE_SAMPLES = 1 << 20;

/**
 * Shot noise at the nominal level, in counts around `NOISE_ZERO`: two independent
 * tables, each of half the photoelectrons. Their sum at any two offsets is the
 * noise of all of them, since Poisson variables add up, and the number of
 * offsets squared is how long it takes until a stretch comes back.
 */
export interface NoiseTables {
  readonly a: Int16Array;
  readonly b: Int16Array;
  /** The same memory, two samples an integer. */
  readonly pairsA: Int32Array;
  readonly pairsB: Int32Array;
}

/** Draws the tables of a seed: a tenth of a second of work. */
export function createNoiseTables(seed: string): NoiseTables {
  return asTables(createTable(new Random(`${seed}/noise-a`)), createTable(new Random(`${seed}/noise-b`)));
}

/** The same noise, `gain` times as much of it, at most 8, in `into`. */
export function scaleNoise(tables: NoiseTables, gain: number, into = emptyTables()): NoiseTables {
  scaleTable(tables.a, gain, into.a);
  scaleTable(tables.b, gain, into.b);
  return into;
}

// With 16 binary places below the count, which is rounded.
function scaleTable(from: Int16Array, gain: number, to: Int16Array): void {
  const fixedGain = Math.round(gain * 65_536);
  for (let i = 0; i < from.length; i++) {
    const counts = (Math.imul(from[i] - NOISE_ZERO, fixedGain) + 32_768) >> 16;
    to[i] = NOISE_ZERO + Math.max(-NOISE_ZERO, Math.min(NOISE_ZERO - 1, counts));
  }
}

function emptyTables(): NoiseTables {
  return asTables(new Int16Array(TABLE_SAMPLES), new Int16Array(TABLE_SAMPLES));
}

function asTables(a: Int16Array<ArrayBuffer>, b: Int16Array<ArrayBuffer>): NoiseTables {
  return { a, b, pairsA: new Int32Array(a.buffer), pairsB: new Int32Array(b.buffer) };
}

function createTable(random: Random): Int16Array<ArrayBuffer> {
  const mean = PHOTOELECTRONS / 2;
  const draw = poisson(mean, random);
  const table = new Int16Array(TABLE_SAMPLES);
  let output = 0;
  for (let i = 0; i < 64; i++) output = POLE * output + (1 - POLE) * (draw() - mean); // the pole settles
  for (let i = 0; i < table.length; i++) {
    output = POLE * output + (1 - POLE) * (draw() - mean);
    table[i] = NOISE_ZERO + clamp(Math.round(output * COUNTS_PER_ELECTRON));
  }
  return table;
}

// Never reached by this noise, whose standard deviation is a fiftieth of it; but the sums rely on it.
function clamp(counts: number): number {
  return Math.max(-NOISE_ZERO, Math.min(NOISE_ZERO - 1, counts));
}

// By the inverse of the cumulative distribution, with a guide table so that a draw takes a step or two.
function poisson(mean: number, random: Random): () => number {
  const cumulative = new Float64Array(Math.ceil(mean + 12 * Math.sqrt(mean)));
  let logFactorial = 0;
  let sum = 0;
  for (let k = 0; k < cumulative.length; k++) {
    if (k > 0) logFactorial += Math.log(k);
    sum += Math.exp(k * Math.log(mean) - mean - logFactorial);
    cumulative[k] = sum;
  }
  const guide = new Uint16Array(1024);
  for (let g = 0, k = 0; g < guide.length; g++) {
    while (cumulative[k] < g / guide.length) k++;
    guide[g] = k;
  }
  return () => {
    const u = random.uniform();
    let k = guide[Math.floor(u * guide.length)];
    while (k < cumulative.length - 1 && cumulative[k] < u) k++;
    return k;
  };
}
