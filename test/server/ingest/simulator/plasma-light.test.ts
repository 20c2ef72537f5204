import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlasmaLight, type PlasmaOptions, type Truth } from '../../../../server/ingest/simulator/plasma-light.ts';
import { createNoiseTables, VOLTS_PER_COUNT } from '../../../../server/ingest/simulator/shot-noise.ts';
import { runs } from '../../../support/runs.ts';
import { powerDensity } from '../../../support/spectrum.ts';

const noise = createNoiseTables('test');
const WINDOW = 50_000;

describe('the light of a plasma', () => {
  it('is dark before ignition, then near 0.1145 V with a spread of 0.002 from window to window', () => {
    const light = createLight({ rateHz: 10_000_000, firstRunMs: 5 });
    const samples = new Int16Array(WINDOW);

    const means = Array.from({ length: 600 }, () => {
      light.render(samples);
      return mean(samples) * VOLTS_PER_COUNT;
    });

    expect(Math.abs(means[0])).toBeLessThan(0.001);
    const burning = means.slice(4);
    const level = mean(burning);
    const spread = Math.sqrt(mean(burning.map((m) => (m - level) ** 2)));
    expect(Math.abs(level - 0.1145)).toBeLessThan(0.0005);
    expect(spread).toBeGreaterThan(0.0017);
    expect(spread).toBeLessThan(0.0023);
  });

  it('has the spectrum of the shot noise of 4,000 photoelectrons a sample behind an amplifier of 2 MHz', () => {
    const light = createLight({ rateHz: 10_000_000 });
    const samples = new Int16Array(80 * light.stepSamples);
    light.render(samples); // the ignition
    light.render(samples);

    const size = 512;
    const measured = powerDensity(
      Float64Array.from(samples, (counts) => counts / 32_768),
      size,
    );

    // Beyond the slow fluctuation, a tenth of the band at a time.
    for (let band = 0; band < 10; band++) {
      const from = Math.max(8, Math.round((band * size) / 20));
      const to = Math.round(((band + 1) * size) / 20);
      let ratio = 0;
      for (let k = from; k < to; k++) ratio += measured[k] / shotNoise((k / size) * 10e6) / (to - from);
      expect([band, Math.abs(ratio - 1) < 0.03]).toEqual([band, true]);
    }
  });

  it('has noise in proportion to the root of the light', () => {
    const dark = createLight({ firstRunMs: 1e6 });
    const bright = createLight({});
    const samples = new Int16Array(2000 * bright.stepSamples);
    const steps = new Int16Array(bright.stepSamples);
    bright.render(samples);
    bright.render(steps);
    const brightSpread = spread(steps);
    dark.render(steps);

    expect(spread(steps) / brightSpread).toBeGreaterThan(0.09); // a hundredth of the power
    expect(spread(steps) / brightSpread).toBeLessThan(0.11);
  });

  it('is the same for the same seed, however much is rendered at a time', () => {
    const steps = 4000; // 2 s
    const options = { rateHz: 40_000, anomaliesPerMinute: 120 };
    const [whole, truths] = render(options, [steps]);

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }), (cuts) => {
        const parts: number[] = [];
        for (let left = steps, i = 0; left > 0; i++) {
          parts.push(Math.min(left, cuts[i % cuts.length]));
          left -= parts[i];
        }

        const [samples, told] = render(options, parts);

        expect(Buffer.compare(bytes(samples), bytes(whole))).toBe(0);
        expect(sorted(told)).toEqual(sorted(truths));
      }),
      { numRuns: runs(20, 1000) },
    );
    expect(Buffer.compare(bytes(render({ ...options, seed: 'other' }, [steps])[0]), bytes(whole))).not.toBe(0);
  });

  it('never repeats 100 ms, over eight channels at full rate', () => {
    const blockSteps = 200;
    const seen = new Set<string>();
    for (let channel = 0; channel < 8; channel++) {
      const light = createLight({ rateHz: 10_000_000, seed: `7/${channel}` });
      const samples = new Int16Array(blockSteps * light.stepSamples);
      for (let block = 0; block < 10; block++) {
        light.render(samples);
        // Every 10 ms of it on its own: if none of these comes back, no 100 ms does at any offset of 10 ms.
        for (let part = 0; part < 10; part++) {
          const from = part * 100_000;
          const hash = createHash('sha1')
            .update(bytes(samples.subarray(from, from + 100_000)))
            .digest('base64');
          expect(seen.has(hash)).toBe(false);
          seen.add(hash);
        }
      }
    }

    expect(seen.size).toBe(8 * 10 * 10);
  });

  it('does not repeat at any offset: a second of it is like no other stretch of a second', () => {
    const light = createLight({ rateHz: 40_000 });
    const samples = new Int16Array(40 * 1000 * 2);
    light.render(samples);
    light.render(samples);
    const seen = new Set<string>();

    // 20 samples, half a millisecond, are enough to tell any two stretches apart.
    for (let i = 0; i + 20 <= samples.length; i++) seen.add(samples.subarray(i, i + 20).join());

    expect(seen.size).toBe(samples.length - 19);
  });

  it.each([10, 1e9, Number.NaN])('refuses a rate of %d Hz', (rateHz) => {
    expect(() => createLight({ rateHz })).toThrow(RangeError);
  });
});

describe('what really happened', () => {
  it('is told once, in sample ranges that were rendered, when its last sample is there', () => {
    const light = createLight({ rateHz: 40_000, anomaliesPerMinute: 60, onTruth: check });
    const samples = new Int16Array(20 * light.stepSamples);
    const told: Truth[] = [];
    function check(truth: Truth): void {
      expect(truth.first).toBeLessThanOrEqual(truth.last);
      expect(truth.last).toBeLessThan(light.position);
      told.push(truth);
    }

    while (light.position < 40_000 * 120) light.render(samples);
    light.finish();

    const anomalies = told.filter(({ kind }) => kind !== 'run').sort((a, b) => a.first - b.first);
    expect(anomalies.length).toBeGreaterThan(20);
    for (let i = 1; i < anomalies.length; i++) expect(anomalies[i].first).toBeGreaterThan(anomalies[i - 1].last);
    expect(new Set(told.map((truth) => JSON.stringify(truth))).size).toBe(told.length);
  });

  it('is nothing but runs where no anomalies are asked for', () => {
    const [, truths] = render({ rateHz: 20_000, anomaliesPerMinute: 0 }, [100_000]);

    expect(new Set(truths.map(({ kind }) => kind))).toEqual(new Set(['run']));
  });
});

// What physics says, in V² a sample: the converter counts photoelectrons, which
// come as they like, so their number spreads by its root, the same at every
// frequency; the amplifier lets through what an RC of its bandwidth does.
function shotNoise(frequencyHz: number): number {
  const voltsPerElectron = 0.1145 / 4000;
  const white = 4000 * voltsPerElectron ** 2;
  const kept = Math.exp((-2 * Math.PI * 2e6) / 10e6); // of the last output, a sample later
  const turn = (2 * Math.PI * frequencyHz) / 10e6;
  const gain = (1 - kept) / Math.hypot(1 - kept * Math.cos(turn), kept * Math.sin(turn));
  return white * gain ** 2;
}

function createLight(options: Partial<PlasmaOptions>): PlasmaLight {
  return new PlasmaLight({
    seed: '1',
    rateHz: 1_000_000,
    anomaliesPerMinute: 0,
    firstRunMs: 0,
    noise,
    onTruth: () => undefined,
    ...options,
  });
}

function render(options: Partial<PlasmaOptions>, parts: readonly number[]): [samples: Int16Array, truths: Truth[]] {
  const truths: Truth[] = [];
  const light = createLight({ ...options, onTruth: (truth) => truths.push(truth) });
  const steps = parts.reduce((sum, part) => sum + part, 0);
  const samples = new Int16Array(steps * light.stepSamples);
  for (const part of parts) {
    light.render(samples.subarray(light.position, light.position + part * light.stepSamples));
  }
  light.finish();
  return [samples, truths];
}

function sorted(truths: readonly Truth[]): Truth[] {
  return [...truths].sort((a, b) => a.first - b.first || a.last - b.last);
}

function bytes(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

function spread(values: Int16Array): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}
