import type { TrendBlock } from '../../server/wire/trend-frame.ts';

/** What a scripted channel's trend does, row by row. */
export type Signal = 'calm' | 'arcs' | 'drift' | 'flicker' | 'gap' | 'high' | 'negative' | 'unready';

const LEVEL = 0.1145;
const NOISE = 0.00028;
const SPREAD = 0.0007;
const COUNT = 50_000;
// Rows of a period of drift, arcs and gaps.
const PERIOD = 12_000;

/** Rows `from` .. `to - 1` of a made-up trend, the same whenever they are asked for. A hole ends one block and starts another. */
export function signalBlock(ask: {
  readonly signal: Signal;
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly originMs: number;
  readonly rowMs: number;
}): TrendBlock[] {
  const { signal, from, to } = ask;
  if (signal === 'unready') return [];
  const blocks: TrendBlock[] = [];
  let start = from;
  for (let row = from; row <= to; row++) {
    if (row < to && !isHole(signal, row)) continue;
    if (row > start) blocks.push(block(ask, start, row));
    start = row + 1;
  }
  return blocks;
}

function isHole(signal: Signal, row: number): boolean {
  const place = row % PERIOD;
  return signal === 'gap' && place > PERIOD * 0.5 && place < PERIOD * 0.58;
}

function block(
  { signal, number, originMs, rowMs }: Parameters<typeof signalBlock>[0],
  from: number,
  to: number,
): TrendBlock {
  const rows = to - from;
  const made = {
    min: new Float64Array(rows),
    max: new Float64Array(rows),
    mean: new Float64Array(rows),
    m2: new Float64Array(rows).fill(SPREAD * SPREAD * COUNT),
  };
  for (let i = 0; i < rows; i++) {
    const noise = (of: number) => noiseAt(number * 7 + of, from + i);
    const { mean, above } = shape(signal, from + i, noise(0));
    made.mean[i] = mean + noise(1) * NOISE;
    made.min[i] = made.mean[i] - 0.0018 - Math.abs(noise(2)) * 0.0004;
    made.max[i] = made.mean[i] + 0.0018 + Math.abs(noise(3)) * 0.0004 + above;
  }
  return {
    channel: number,
    span: 1,
    windows: rows,
    stream: 1,
    lastSeq: to - 1,
    firstRow: from,
    timeNs: BigInt(Math.round(originMs + from * rowMs)) * 1_000_000n,
    rowNs: rowMs * 1e6,
    arrivedMs: originMs + to * rowMs,
    ...made,
    count: new Uint32Array(rows).fill(COUNT),
    clipped: new Uint32Array(rows),
    nonfinite: new Uint32Array(rows),
    flags: new Uint32Array(rows),
  };
}

function shape(signal: Signal, row: number, noise: number): { mean: number; above: number } {
  const place = (row % PERIOD) / PERIOD;
  switch (signal) {
    case 'arcs':
      return { mean: LEVEL, above: noise > 2.6 ? 0.006 + (noise - 2.6) * 0.006 : 0 };
    case 'drift':
      return { mean: LEVEL - 0.0045 * place, above: 0 };
    case 'flicker':
      return { mean: LEVEL + 0.0011 * Math.sin(row * 0.045), above: 0 };
    case 'high':
      return { mean: 0.1204, above: 0 };
    case 'negative':
      return { mean: -LEVEL, above: 0 };
    default:
      return { mean: LEVEL, above: 0 };
  }
}

// About normal, and a function of its place: a hash in Weyl steps, summed.
function noiseAt(of: number, row: number): number {
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    let x = Math.imul(row * 4 + i + 1, 0x9e3779b1) ^ Math.imul(of + 1, 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
    x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
    sum += ((x ^ (x >>> 15)) >>> 0) / 4_294_967_296 - 0.5;
  }
  return sum * 1.73;
}

/** With every value multiplied, and so many samples of each row that are no number. */
export function enlargeBlock(block: TrendBlock, times: number, nonfinite: number): TrendBlock {
  const { min, max, mean, m2 } = block;
  const enlarged = (values: Float64Array, by: number) => values.map((value) => value * by);
  return {
    ...block,
    min: enlarged(min, times),
    max: enlarged(max, times),
    mean: enlarged(mean, times),
    m2: enlarged(m2, times * times),
    nonfinite: block.nonfinite.map(() => nonfinite),
  };
}
