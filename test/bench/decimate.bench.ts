import { beforeAll, describe, expect, it } from 'vitest';
import { ABI } from '../../server/kernels/abi.ts';
import { DecimateKernel, type TrendRows } from '../../server/kernels/decimate-kernel.ts';
import { bindKernels, createMemory, type KernelModule } from '../../server/kernels/module.ts';
import { loadKernels } from '../support/kernels.ts';
import { seededRandom } from '../support/seeded-random.ts';

const ROUNDS = 10;
const CALLS = 50;
const RECORDS = 10_000;

let module: KernelModule;

beforeAll(async () => {
  module = await loadKernels();
});

describe('decimating trends to pixel columns', () => {
  it.each([
    { rows: 1_000, columns: 800, name: '5 s' },
    { rows: 12_000, columns: 800, name: '60 s' },
    { rows: 120_000, columns: 1_600, name: '10 min' },
  ])('is not slower than plain JavaScript: $name of 200 rows/s', ({ rows, columns, name }) => {
    const kernel = new DecimateKernel(module, { capacity: rows, maxColumns: columns });
    fill(kernel.rows);
    const columnMs = (rows * 5) / columns;
    const mine = kernel.decimate({ from: 0, to: rows, fromMs: 0, columnMs, columns });
    const plain = emptyColumns(columns);
    plainDecimate(kernel.rows, columnMs, plain);

    const [wasm, js] = race(
      () => kernel.decimate({ from: 0, to: rows, fromMs: 0, columnMs, columns }),
      () => plainDecimate(kernel.rows, columnMs, plain),
    );

    console.log(
      `${name}: ${rows} rows to ${columns} columns: wasm ${us(wasm)}, plain js ${us(js)} (${ratio(js, wasm)})`,
    );
    expect([mine.min, mine.max, mine.count]).toEqual([plain.min, plain.max, plain.count]);
    const off = mine.mean.map((mean, i) => (mine.count[i] > 0 ? Math.abs(mean - plain.mean[i]) : 0));
    expect(Math.max(...off)).toBeLessThanOrEqual(1e-12);
    expect(js / wasm).toBeGreaterThanOrEqual(1);
  });
});

describe('merging summaries', () => {
  it('is not slower than plain JavaScript', () => {
    const dst = 1024;
    const src = dst + ABI.SUMMARY_BYTES;
    const memory = createMemory(src + RECORDS * ABI.SUMMARY_BYTES);
    const kernels = bindKernels(module, memory);
    const records = new Float64Array(memory.buffer, src, (RECORDS * ABI.SUMMARY_BYTES) / 8);
    const random = seededRandom(3);
    for (let i = 0; i < records.length; i += 7) records.set([-random(), random(), random() / 9, 5, 5e4, 0, 0], i);
    const whole = new Float64Array(memory.buffer, dst, 7);
    const plain = new Float64Array(7);
    const empty = [Infinity, -Infinity, 0, 0, 0, 0, 0];

    const [wasm, js] = race(
      () => {
        whole.set(empty);
        kernels.mergeSummaries(dst, src, RECORDS);
      },
      () => {
        plain.set(empty);
        plainMerge(plain, records);
      },
    );

    console.log(`${RECORDS} summaries: wasm ${us(wasm)}, plain js ${us(js)} (${ratio(js, wasm)})`);
    for (let i = 0; i < 7; i++) expect(Math.abs(whole[i] - plain[i])).toBeLessThanOrEqual(1e-12 * Math.abs(plain[i]));
    expect(js / wasm).toBeGreaterThanOrEqual(1);
  });
});

/** The fastest call of each, taken turn by turn, in ms. */
function race(...calls: (() => void)[]): number[] {
  const best = calls.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, call] of calls.entries()) {
      for (let n = 0; n < CALLS; n++) {
        const start = performance.now();
        call();
        best[i] = Math.min(best[i], performance.now() - start);
      }
    }
  }
  return best;
}

function fill({ timeMs, min, max, mean, count }: TrendRows): void {
  const random = seededRandom(5);
  for (let i = 0; i < timeMs.length; i++) {
    timeMs[i] = i * 5;
    mean[i] = random();
    min[i] = mean[i] - random();
    max[i] = mean[i] + random();
    count[i] = i % 1_000 === 999 ? 0 : 50_000;
  }
}

interface Columns {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Float64Array;
  readonly broken: Uint8Array;
}

function emptyColumns(length: number): Columns {
  const column = () => new Float64Array(length);
  return { min: column(), max: column(), mean: column(), count: column(), broken: new Uint8Array(length) };
}

// As one writes it by hand for speed, without WASM.
function plainDecimate(rows: TrendRows, columnMs: number, into: Columns): void {
  const { timeMs, min: rowMin, max: rowMax, mean: rowMean, count: rowCount } = rows;
  const { min, max, mean, count, broken } = into;
  min.fill(Infinity);
  max.fill(-Infinity);
  mean.fill(0);
  count.fill(0);
  broken.fill(0);
  for (let i = 0; i < timeMs.length; i++) {
    const column = Math.floor(timeMs[i] / columnMs);
    const n = rowCount[i];
    if (n === 0) {
      broken[column] = 1;
      continue;
    }
    if (rowMin[i] < min[column]) min[column] = rowMin[i];
    if (rowMax[i] > max[column]) max[column] = rowMax[i];
    mean[column] += rowMean[i] * n;
    count[column] += n;
  }
  for (let i = 0; i < min.length; i++) {
    if (count[i] > 0) mean[i] /= count[i];
    else min[i] = max[i] = mean[i] = NaN;
  }
}

function plainMerge(into: Float64Array, records: Float64Array): void {
  let [min, max, mean, m2, count, clipped, nonfinite] = into;
  for (let i = 0; i < records.length; i += 7) {
    clipped += records[i + 5];
    nonfinite += records[i + 6];
    const n = records[i + 4];
    if (n === 0) continue;
    const total = count + n;
    const delta = records[i + 2] - mean;
    if (records[i] < min) min = records[i];
    if (records[i + 1] > max) max = records[i + 1];
    mean += (delta * n) / total;
    m2 += records[i + 3] + (delta * delta * count * n) / total;
    count = total;
  }
  into.set([min, max, mean, m2, count, clipped, nonfinite]);
}

function us(ms: number): string {
  return `${(ms * 1_000).toFixed(1)} µs`;
}

function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(1)}×`;
}
