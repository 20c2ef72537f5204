import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Session } from '../../../server/ingest/session.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { LedgerEntry } from '../../../server/trend/ledger.ts';
import { type TrendWindow, WindowFlag } from '../../../server/trend/trend-window.ts';
import { frameBytes, helloBytes } from '../../support/device.ts';
import { expectBalance, loadKernels } from '../../support/ingest.ts';
import { OfflineIngest, pushCut } from '../../support/offline-session.ts';
import { runs } from '../../support/runs.ts';
import { StreamModel } from '../../support/stream-model.ts';

// A random life of a device on one channel: frames that are lost, doubled,
// re-sent and out of order, connections that break anywhere, restarts of the
// counter. Every figure is compared with a model that counts sample by sample.

type Step =
  /** Sends `samples` from `ahead` of where the device is, which is then behind them. */
  | { kind: 'frame'; ahead: number; samples: number; hasChecksum: boolean; flags: number }
  /** Breaks the connection after `bytes` of such a frame; then resumes where it is told, or `ahead` of it. */
  | { kind: 'break'; samples: number; bytes: number; ahead: number }
  /** Ends its stream in order, and resumes. */
  | { kind: 'end'; ahead: number }
  /** Restarts its counter at `first`, under a name of its own; with an old name it resumes. */
  | { kind: 'restart'; name: number; first: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('frame' as const),
      ahead: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -40, max: 60 })),
      samples: fc.integer({ min: 0, max: 50 }),
      hasChecksum: fc.boolean(),
      flags: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constantFrom(1, 4, 8)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('break' as const),
      samples: fc.integer({ min: 1, max: 40 }),
      bytes: fc.integer({ min: 0, max: 64 + 80 }),
      ahead: fc.oneof(fc.constant(0), fc.integer({ min: -10, max: 40 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), ahead: fc.integer({ min: -5, max: 30 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      name: fc.integer({ min: 0, max: 3 }),
      first: fc.nat(100),
    }),
  },
);

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});

it('accounts for every sample of a device that has every fault there is', () => {
  const life = fc.record({
    size: fc.integer({ min: 10, max: 33 }),
    steps: fc.array(step, { maxLength: 30 }),
    cuts: fc.array(fc.nat(300), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(life, ({ size, steps, cuts }) => live(size, steps, cuts)),
    { numRuns: runs(400, 100_000) },
  );
});

function live(size: number, steps: readonly Step[], cuts: readonly number[]): void {
  const device = new ModelDevice(size, cuts);
  device.connect(0);
  for (const step of steps) {
    device.act(step);
    expectBalance(device.ingest.ledger());
  }

  const models = [...device.models.values()];
  const [entry] = device.ingest.ledger();
  expectAccount(entry, models);
  const seen = device.seenStreams.map((name) => device.models.get(name)!);
  expect(entry.gapRanges.map(({ from, to }) => ({ from, to }))).toEqual(
    seen.flatMap((model) => model.gaps()).slice(-100),
  );
  expect(device.ingest.codes).toEqual([]);
  for (const [name, model] of device.models) expectWindows(device.ingest.windows, `s${name}`, size, model);
}

function expectAccount(entry: LedgerEntry, models: readonly StreamModel[]): void {
  const sum = (of: (model: StreamModel) => number) => models.reduce((total, model) => total + of(model), 0);
  expect(entry).toMatchObject({
    received: sum((model) => model.seen.size),
    pending: sum((model) => model.pending),
    expected: sum((model) => model.expected),
    missing: sum((model) => model.expected - model.seen.size),
    gaps: sum((model) => model.gaps().length),
    duplicate: sum((model) => model.duplicate),
    late: sum((model) => model.late),
  });
}

// The newest of each number counts: a partial window may come again, whole.
function expectWindows(windows: readonly TrendWindow[], stream: string, size: number, model: StreamModel): void {
  const found = new Map(windows.filter((it) => it.stream === stream).map((it) => [it.index, it]));
  const expected = model.windows();
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [index, samples] of expected) {
    const { summary, flags } = found.get(index)!;
    const values = samples.map(rawOf);
    expect(summary).toMatchObject({ count: values.length, min: Math.min(...values), max: Math.max(...values) });
    expect(summary.mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 9);
    const isWhole = values.length === size;
    expect((flags & (WindowFlag.Gap | WindowFlag.Partial)) === 0).toBe(isWhole);
  }
}

class ModelDevice {
  readonly ingest = new OfflineIngest(kernels);
  readonly models = new Map<number, StreamModel>();
  /** In the order they were used last. */
  seenStreams: number[] = [];
  readonly #size: number;
  readonly #cuts: readonly number[];
  #session!: Session;
  #name = 0;
  #at = 0;

  constructor(size: number, cuts: readonly number[]) {
    this.#size = size;
    this.#cuts = cuts;
  }

  connect(name: number): void {
    this.#name = name;
    this.seenStreams = [...this.seenStreams.filter((it) => it !== name), name];
    if (!this.models.has(name)) this.models.set(name, new StreamModel(this.#size));
    this.#session = this.ingest.connect();
    const hello = helloBytes({ 'fenestra:stream': `s${name}`, 'fenestra:window': this.#size });
    pushCut(this.#session, hello, this.#cuts);
  }

  act(step: Step): void {
    switch (step.kind) {
      case 'frame':
        this.#send(this.#at + step.ahead, step.samples, Infinity, step);
        break;
      case 'break':
        this.#send(this.#at, step.samples, step.bytes);
        this.#session.lost();
        this.connect(this.#name);
        this.#at = Math.max(0, this.#model.safe + step.ahead);
        break;
      case 'end':
        this.#session.end();
        this.#model.end();
        this.connect(this.#name);
        this.#at = Math.max(0, this.#model.safe + step.ahead);
        break;
      case 'restart':
        this.#session.lost();
        this.#at = this.models.get(step.name)?.safe ?? step.first;
        this.connect(step.name);
        break;
    }
  }

  get #model(): StreamModel {
    return this.models.get(this.#name)!;
  }

  #send(first: number, samples: number, bytes: number, options: { hasChecksum?: boolean; flags?: number } = {}): void {
    const start = Math.max(0, first);
    const payload = Int16Array.from({ length: samples }, (_, i) => rawOf(start + i));
    const header = { flags: options.flags ?? 0, crc32: options.hasChecksum ? crc32(payload) : 0 };
    pushCut(this.#session, frameBytes(start, payload, header).subarray(0, bytes), this.#cuts);

    const arrived = Math.min(payload.byteLength, Math.max(0, bytes - 64));
    for (let i = 0; i < Math.floor(arrived / 2); i++) this.#model.take(start + i);
    if (arrived % 2 === 1) this.#model.begin(start + Math.floor(arrived / 2));
    this.#at = start + samples;
  }
}

function rawOf(index: number): number {
  return ((index * 7919) % 2001) - 1000;
}
