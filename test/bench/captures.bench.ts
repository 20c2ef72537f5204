import { beforeAll, expect, it } from 'vitest';
import { Threshold } from '../../server/capture/threshold.ts';
import { openWindower } from '../../server/compute/open-windower.ts';
import { RingPool } from '../../server/compute/ring-pool.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import type { RingWatch } from '../../server/trend/raw-ring.ts';
import { CaptureFixture } from '../support/capture-fixture.ts';
import { recordUnderLoad } from '../support/capture-load.ts';
import { loadKernels } from '../support/kernels.ts';
import { runs } from '../support/runs.ts';
import { timesFrom1970 } from '../support/sample-times.ts';

const fixture = new CaptureFixture();
let module: KernelModule;
beforeAll(async () => {
  module = await loadKernels();
});

it('makes ten recordings at once of eight channels of 10 MS/s, and loses no sample of either', async () => {
  await fixture.start();

  const { captures, idleCores, busyCores, samplesPerSecond } = await recordUnderLoad(fixture.server, 10e6);

  const bytes = captures.reduce((sum, capture) => sum + capture.bytes, 0);
  console.log(
    `${(samplesPerSecond / 1e6).toFixed(1)} MS/s with ${idleCores.toFixed(3)} cores, ` +
      `while ${(bytes / 1e6).toFixed(0)} MB are recorded ${busyCores.toFixed(3)}; ` +
      `${captures.filter(({ note }) => note !== undefined).length} ended early`,
  );
  expect(captures).toHaveLength(10);
});

// What the past costs: the same samples through memory that stays in the cache, and through what does not.
it('reduces int16 through rings of 64 MiB at a price', () => {
  const [small, large] = [1 << 16, 64 << 20].map((ringBytes) => nsPerSample(ringBytes));

  console.log(
    `8 channels by turns, a read of 64 KiB each: ${small!.toFixed(3)} ns a sample with 64 KiB, ${large!.toFixed(3)} with 64 MiB; ` +
      `at 80 MS/s ${(((large! - small!) * 80e6) / 1e7).toFixed(1)} % of a core more`,
  );
  expect((large! - small!) * 80e6).toBeLessThan(0.1e9); // a tenth of a core
});

// What a limit costs: of a signal that stays inside, of one that is beyond, and of one that rarely touches it.
it('looks at samples for a limit at a price', () => {
  const limits = { quiet: 30_000, beyond: -1, rare: 29_999 };
  const none = nsPerSample(1 << 16);
  const prices = Object.entries(limits).map(([kind, above]) => {
    const price = nsPerSample(1 << 16, above) - none;
    console.log(`limit, ${kind}: ${price.toFixed(3)} ns a sample, at 10 MS/s ${price.toFixed(2)} % of a core`);
    return price;
  });
  expect(Math.max(...prices) * 10e6).toBeLessThan(0.1e9); // a tenth of a core
});

function nsPerSample(ringBytes: number, above?: number): number {
  const rings = new RingPool({ ringBytes, ringsBytes: 1 << 30 });
  const settings = { hold_off_seconds: 3600, before_seconds: 0, after_seconds: 0 };
  const watchOf = () => {
    const threshold = above === undefined ? undefined : new Threshold({ above, ...settings });
    return threshold && ((...fresh: Parameters<RingWatch>) => void threshold.look(...fresh));
  };
  const open = openWindower({ module, rings, emit: () => undefined, watchOf });
  const chunk = new Uint8Array(Int16Array.from({ length: 32_768 }, (_, i) => (i * 7919) % 30_000).buffer);
  const sinks = Array.from({ length: 8 }, (_, i) => open({ ...INFO, channel: `c${i}` }, timesFrom1970(INFO.rateHz)));
  for (const sink of sinks) sink.seek(0, 0);
  const turn = () => {
    for (const sink of sinks) sink.write(chunk, 0, chunk.length, 0);
  };
  for (let i = 0; i < 1100; i++) turn(); // once round, so that every page is there

  let best = Infinity;
  for (let round = 0; round < runs(5, 20); round++) {
    const start = performance.now();
    for (let i = 0; i < 200; i++) turn();
    best = Math.min(best, ((performance.now() - start) * 1e6) / (200 * 8 * 32_768));
  }
  for (const sink of sinks) sink.release();
  return best;
}

const INFO = {
  stream: 's',
  datatype: 'ri16_le',
  rateHz: 10e6,
  window: 50_000,
  unit: '',
  scale: 1,
  offset: 0,
  hardware: '',
  description: '',
  recorder: '',
};
