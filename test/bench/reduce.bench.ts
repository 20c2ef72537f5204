import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleType } from '../../server/kernels/sample-type.ts';
import { SAMPLE_ARRAYS, SAMPLE_TYPES } from '../support/kernels.ts';
import { runs } from '../support/runs.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { findRivals, type Measured, type Rival, type Workload } from './reduce/rivals.ts';

const SAMPLES = 50_000;
const ROUNDS = runs(5, 50);

// Full scale of what the bench draws: floats in volts, integers in counts.
const SCALE = { i8: 127, u8: 255, i16: 32_767, u16: 65_535, i32: 2_147_483_647, f32: 1, f64: 1 } as const;

let rivals: Rival[];
let close: () => void;
const best = new Map<string, Map<string, Measured>>();

beforeAll(async () => {
  const found = await findRivals();
  ({ rivals, close } = found);
  for (const line of found.skipped) console.log(`skipped ${line}`);
});

afterAll(() => {
  console.log(table());
  close();
});

describe(`reducing ${SAMPLES} samples`, () => {
  const workloads = [
    ...SAMPLE_TYPES.map((type) => light(type, type)),
    light('f32', 'f32 + 100000', (x) => x + 100_000),
    light('f32', 'f32, 1 % NaN', (x, random) => (random() < 0.01 ? NaN : x)),
    light('i16', 'i16 clipped', (x) => Math.min(32_767, x * 2.2)),
  ];

  // In one run and turn by turn, so that the machine's moods strike all alike.
  it.each(workloads)('gives the same figures every way: $name', (workload) => {
    const rounds = rivals.map((rival) => ({ name: rival.name, round: rival.prepare(workload) }));
    const results = new Map<string, Measured>();
    for (let i = 0; i < ROUNDS; i++) {
      for (const { name, round } of rounds) {
        const measured = round();
        if (!(measured.ns >= (results.get(name)?.ns ?? Infinity))) results.set(name, measured);
      }
    }
    best.set(workload.name, results);

    const { figures: ours } = results.get('simd wasm')!;
    for (const [name, { figures }] of results) {
      const { mean, m2, ...exact } = figures;
      expect(ours, name).toMatchObject(exact);
      expect(Math.abs(ours.mean - mean), name).toBeLessThanOrEqual(1e-9 * Math.abs(mean));
      expect(Math.abs(ours.m2 - m2), name).toBeLessThanOrEqual(1e-6 * m2);
    }
  });

  it.each(['f32', 'i16'])('is at least as fast as C at SSE4.1: %s', (workload) => {
    if (!rivals.some(({ name }) => name === 'c -msse4.1')) return console.log('skipped the comparison with C: no gcc');
    expect(speedup(workload, 'c -msse4.1')).toBeGreaterThanOrEqual(1);
  });

  it.each(['f32', 'i16'])('is at least five times as fast as plain JavaScript: %s', (workload) => {
    expect(speedup(workload, 'plain js')).toBeGreaterThanOrEqual(5);
  });

  it('reduces i16 at least twice as fast as f32', () => {
    expect(nsOf('f32', 'simd wasm') / nsOf('i16', 'simd wasm')).toBeGreaterThanOrEqual(2);
  });
});

/** A plasma's light: a level with noise, as the type would carry it. */
function light(
  type: SampleType,
  name: string,
  shape: (x: number, random: () => number) => number = (x) => x,
): Workload {
  const random = seededRandom(7);
  const draw = () => {
    const noise = random() + random() + random() - 1.5;
    const x = (0.46 + 0.02 * noise) * SCALE[type];
    return shape(type === 'f32' || type === 'f64' ? x : Math.round(x), random);
  };
  return { name, type, samples: SAMPLE_ARRAYS[type].from(Array.from({ length: SAMPLES }, draw)) };
}

function nsOf(workload: string, rival: string): number {
  return best.get(workload)!.get(rival)!.ns;
}

/** How many times faster we are. */
function speedup(workload: string, rival: string): number {
  return nsOf(workload, rival) / nsOf(workload, 'simd wasm');
}

function table(): string {
  const names = rivals.map(({ name }) => name);
  const rows = [...best.keys()].map((workload) => {
    const cells = names.map((name) => {
      const speed = (SAMPLES / nsOf(workload, name)).toFixed(2);
      return name === 'simd wasm' ? speed : `${speed} (${speedup(workload, name).toFixed(1)}×)`;
    });
    return [workload, ...cells];
  });
  const lines = [['GS/s', ...names], ...rows];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) => line.map((cell, column) => cell.padStart(widths[column])).join('  '));
  return `\n${text.join('\n')}\n(…×): how many times faster simd wasm is\n`;
}
