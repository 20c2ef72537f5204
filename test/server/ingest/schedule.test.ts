import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { defaultFullScale } from '../../../server/kernels/sample-type.ts';
import type { LedgerEntry } from '../../../server/trend/ledger.ts';
import type { TrendWindow } from '../../../server/trend/trend-window.ts';
import { FaultyDevice, type FaultyFrame, type FaultyStream, type Step } from '../../support/faulty-device.ts';
import { expectBalance, loadKernels } from '../../support/ingest.ts';
import { SAMPLE_TYPES } from '../../support/kernels.ts';
import { runs } from '../../support/runs.ts';
import { scalarReduce, tolerances } from '../../support/scalar-reduce.ts';
import type { ModelWindow, StreamModel } from '../../support/stream-model.ts';

// A random life of a device on one channel: frames that are lost, doubled,
// re-sent and out of order, with flags, times, checksums and losses of its own;
// clocks that step, connections that break anywhere, framed and bare ones,
// restarts of the counter. Every figure is compared with a model that counts
// sample by sample.

const MS = 1_000_000n;
const HOUR = 3_600_000n * MS;
const TWO_DAYS_SAMPLES = 2 * 86_400 * 10_000;

// Most frames are as they should be; each fault comes often enough to meet the others.
const frame: fc.Arbitrary<FaultyFrame> = fc.record({
  ahead: fc.oneof(
    { weight: 24, arbitrary: fc.constant(0) },
    { weight: 16, arbitrary: fc.integer({ min: -40, max: 60 }) },
    { weight: 1, arbitrary: fc.constant(TWO_DAYS_SAMPLES) },
  ),
  samples: fc.integer({ min: 0, max: 50 }),
  checksum: fc.constantFrom(...Array<'none'>(10).fill('none'), ...Array<'right'>(5).fill('right'), 'wrong'),
  flags: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(15) }),
  stepNs: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: fc.constant(0n) },
    { weight: 2, arbitrary: fc.constantFrom(MS, -MS, MS + 1n, -MS - 1n, MS / 2n) },
    { weight: 1, arbitrary: fc.constantFrom(HOUR, -HOUR, 24n * HOUR, -24n * HOUR) },
  ),
  lost: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(1000)),
  unsent: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3)),
});

const resume = fc.oneof(fc.constant(0), fc.integer({ min: -10, max: 40 }));
const isBare = fc.nat(4).map((one) => one === 0);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: frame.map((it) => ({ kind: 'frame' as const, ...it })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'again' as const }) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        frame,
        bytes: fc.oneof(fc.integer({ min: 0, max: 64 + 160 }), fc.integer({ min: 65, max: 71 })),
        resume,
        isBare,
      })
      .map(({ frame: it, ...rest }) => ({ kind: 'break' as const, ...it, ...rest })),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), resume, isBare }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), name: fc.nat(3), first: fc.nat(100), isBare }),
  },
);

const stream: fc.Arbitrary<FaultyStream> = fc
  .record({
    type: fc.constantFrom(...SAMPLE_TYPES),
    size: fc.integer({ min: 10, max: 33 }),
    rateHz: fc.constantFrom(1000, 8192, 10_000),
    scale: fc.constantFrom(1, -1, 2.5, -0.001),
    offset: fc.constantFrom(0, 0, -3.5),
    ownFullScale: fc.constantFrom(undefined, undefined, [-50, 100] as const),
    epochNs: fc.constantFrom(undefined, 1_600_000_000_000_000_000n),
  })
  .map((it) => ({ ...it, fullScale: it.ownFullScale ?? defaultFullScale(it.type) }));

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});

it('accounts for every sample, gap, flag and time of a device that has every fault there is', () => {
  const life = fc.record({
    streams: fc.array(stream, { minLength: 4, maxLength: 4 }),
    steps: fc.array(step, { maxLength: 30 }),
    cuts: fc.array(fc.nat(300), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(life, ({ streams, steps, cuts }) => live(streams, steps, cuts)),
    { numRuns: runs(400, 100_000) },
  );
});

function live(streams: readonly FaultyStream[], steps: readonly Step[], cuts: readonly number[]): void {
  const device = new FaultyDevice(kernels, streams, cuts);
  for (const one of steps) {
    device.act(one);
    expectBalance(device.ingest.ledger());
  }

  const [entry] = device.ingest.ledger();
  expectAccount(entry, device);
  expect(device.ingest.codes).toEqual(device.codes);
  for (const [name, model] of device.models) expectWindows(device.ingest.windows, `s${name}`, model);
}

function expectAccount(entry: LedgerEntry, device: FaultyDevice): void {
  const models = [...device.models.values()];
  const sum = (of: (model: StreamModel) => number) => models.reduce((total, model) => total + of(model), 0);
  const out = models.flatMap((model) => [...model.windows().values()].map((window) => figuresOf(window, model)));
  expect(entry).toMatchObject({
    received: sum((model) => model.seen.size),
    pending: sum((model) => model.pending),
    expected: sum((model) => model.expected),
    missing: sum((model) => model.expected - model.seen.size),
    gaps: sum((model) => model.gaps().length),
    duplicate: sum((model) => model.duplicate),
    late: sum((model) => model.late),
    reanchored: sum((model) => model.reanchored),
    windows: sum((model) => model.handedOut),
    clipped: out.reduce((total, { clipped }) => total + clipped, 0),
    nonfinite: out.reduce((total, { nonfinite }) => total + nonfinite, 0),
    deviceLost: device.deviceLost,
    sequenceJumps: device.sequenceJumps,
    discardedBytes: device.discardedBytes,
    connections: device.connections,
    streams: device.models.size,
  });
  const gaps = device.used.flatMap((name) =>
    device.models
      .get(name)!
      .gaps()
      .map((gap) => ({ stream: `s${name}`, ...gap })),
  );
  expect(entry.gapRanges).toEqual(gaps.slice(-100));
}

// The newest of each number counts: a partial window may come again, whole.
function expectWindows(windows: readonly TrendWindow[], name: string, model: StreamModel): void {
  const found = new Map(windows.filter((it) => it.stream === name).map((it) => [it.index, it]));
  const expected = model.windows();
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [index, window] of expected) {
    const { summary, flags, timeNs } = found.get(index)!;
    const { mean, m2, ...exact } = figuresOf(window, model);
    expect({ ...summary, flags, timeNs }).toMatchObject({ ...exact, flags: window.flags, timeNs: window.timeNs });
    const within = tolerances({ mean, m2, ...exact });
    const offset = 1e-12 * Math.abs(model.traits.offset);
    expect(Math.abs(summary.mean - mean)).toBeLessThanOrEqual(within.mean + offset);
    expect(Math.abs(summary.m2 - m2)).toBeLessThanOrEqual(within.m2 + offset);
  }
}

// Scaled sample by sample, which is what scaling a summary must come to.
function figuresOf({ raw }: ModelWindow, { traits: { scale, offset, fullScale } }: StreamModel) {
  const { clipped } = scalarReduce(raw, fullScale);
  return {
    ...scalarReduce(
      raw.map((x) => x * scale + offset),
      [-Infinity, Infinity],
    ),
    clipped,
  };
}
