import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/base/clock.ts';
import { type ReplayOptions, replay } from '../../../../server/ingest/replay/replay.ts';
import type { SampleRun, SampleSource } from '../../../../server/ingest/replay/sample-source.ts';
import { WindowFlag } from '../../../../server/trend/trend-window.ts';
import { startIngest, type TestIngest, type TestIngestOptions } from '../../../support/ingest.ts';
import { StingyServer } from '../../../support/stingy-server.ts';

const EPOCH_NS = 1_769_860_800_000_000_000n;

let ingest: TestIngest | undefined;

afterEach(async () => {
  await ingest?.close();
  ingest = undefined;
});

describe('replay', () => {
  it('sends every sample with what the recording says of itself', async () => {
    const said = { unit: 'V', scale: 2, offset: 1, description: 'light', hardware: 'PMT', epochNs: EPOCH_NS };

    const counts = await send(source([ramp(0, 1050)], said));

    expect(counts).toMatchObject({ sentSamples: 1050, lostSamples: 0, connections: 1 });
    expect(ingest?.opened).toMatchObject([
      { channel: 'replay.light', unit: 'V', description: 'light', hardware: 'PMT' },
    ]);
    expect(ingest?.windows.map(({ index, timeNs, summary }) => [index, timeNs, summary.min, summary.count])).toEqual(
      Array.from({ length: 11 }, (_, i) => [i, EPOCH_NS + BigInt(i) * 10_000_000n, i * 200 + 1, i === 10 ? 50 : 100]),
    );
    expect(ingest?.windows.at(-1)?.flags).toBe(WindowFlag.Partial);
    expect(ingest?.ledger()).toMatchObject({ received: 1050, reduced: 1050, missing: 0, live: false });
  });

  it('leaves a gap where the recording has one, and takes the time after it', async () => {
    const laterNs = EPOCH_NS + 7_000_000_000n;

    await send(source([ramp(0, 250), { ...ramp(450, 150), timeNs: laterNs }], { epochNs: EPOCH_NS }));

    expect(ingest?.ledger()).toMatchObject({ received: 400, missing: 200, gaps: 1, deviceLost: 0 });
    expect(ingest?.windows.map(({ index, flags }) => [index, flags])).toEqual([
      [0, 0],
      [1, 0],
      [2, WindowFlag.Gap],
      [4, WindowFlag.Gap],
      [5, 0],
    ]);
    expect(ingest?.windows.at(-1)?.timeNs).toBe(laterNs + 5_000_000n);
  });

  it('takes the time of the recording at speed 1, from its first sample on', async () => {
    const startMs = performance.now();

    await send(source([ramp(10_000_000, 3000)]), { speed: 1 });
    const tookMs = performance.now() - startMs;

    console.log(`300 ms of samples sent in ${tookMs.toFixed(0)} ms`);
    expect(tookMs).toBeGreaterThanOrEqual(295); // and not a quarter of an hour before the first sample
    expect(ingest?.ledger().received).toBe(3000);
  });

  it('ends in order when it is stopped: what was sent is a whole stream', async () => {
    const stop = new AbortController();
    const minutes = source(Array.from({ length: 600 }, (_, i) => ramp(i * 1000, 1000)));

    const counts = await send(minutes, { speed: 1, signal: stop.signal, onProgress: () => stop.abort() });

    expect([counts.sentSamples, counts.connections]).toEqual([1000, 1]);
    expect(ingest?.ledger()).toMatchObject({ received: 1000, reduced: 1000, live: false });
  });

  it('stops at once while it waits for a sample that is far off', async () => {
    const stop = new AbortController();
    const onEvent = () => void setTimeout(() => stop.abort(), 50); // once it is connected

    await send(source([ramp(0, 100), ramp(100_000_000, 100)]), { speed: 1, signal: stop.signal, onEvent });

    expect(ingest?.ledger().live).toBe(false);
  });

  it.each([
    ['for room to put the next samples into', 140],
    ['for the last samples to go out', 2],
    ['for the server to answer the end', 0],
  ])('stops at once while it waits %s and gets no credit', async (_name, runsPastCredit) => {
    const server = await StingyServer.start({ creditBytes: 64 + RUN_BYTES });
    const stop = new AbortController();
    const first = ramp(0, RUN_BYTES / 4);
    const runs = Array.from({ length: 1 + runsPastCredit }, (_, i) => ({ ...first, firstSample: (i * RUN_BYTES) / 4 }));

    const sent = replay(source(runs), { ...optionsFor(server.address), signal: stop.signal });
    await server.until(64 + RUN_BYTES);
    stop.abort();
    const { sentSamples } = await sent;

    expect(sentSamples).toBe(RUN_BYTES / 4);
    await server.close();
  });

  it('stops at once while it waits for the answer to its hello', async () => {
    const server = await StingyServer.start({ creditBytes: undefined });
    const stop = new AbortController();

    const sent = replay(source([ramp(0, 100)]), { ...optionsFor(server.address), signal: stop.signal });
    await server.until(1);
    stop.abort();

    expect((await sent).sentSamples).toBe(0);
    await server.close();
  });

  it('shortens texts that are too long for the protocol', async () => {
    const long = 'x'.repeat(5000);

    await send(source([ramp(0, 100)], { unit: long, description: long, hardware: long }));

    expect(ingest?.opened[0]?.unit).toBe('x'.repeat(16));
    expect(ingest?.ledger().received).toBe(100);
  });

  it.each([
    ['a channel that is not listed', { listedOnly: true }, 'CHANNEL_LIMIT'],
    ['a wrong secret', { listed: { 'replay.light': { token: 'right' } } }, 'TOKEN_INVALID'],
  ])('rejects with the server’s word on %s', async (_name, settings, code) => {
    const refused = send(source([ramp(0, 100)]), { token: 'wrong' }, settings);

    await expect(refused).rejects.toMatchObject({ code: 'DEVICE_REFUSED', message: expect.stringContaining(code) });
  });

  it('rejects where nobody listens', async () => {
    ingest = await startIngest();
    const { address } = ingest;
    await ingest.close();
    ingest = undefined;

    await expect(replay(source([ramp(0, 100)]), optionsFor(address))).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  });

  it('fails with the source and lets go of the server', async () => {
    const broken = source([ramp(0, 100)]);
    const runs = async function* () {
      yield* broken.runs();
      throw new Error('the disk is gone');
    };

    await expect(send({ ...broken, runs })).rejects.toThrow('the disk is gone');

    while (ingest!.ledger().live) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

const RUN_BYTES = 256 * 1024 - 4; // of one frame, and of a bit of its own

async function send(from: SampleSource, options: Partial<ReplayOptions> = {}, settings: TestIngestOptions = {}) {
  ingest = await startIngest(settings);
  return replay(from, { ...optionsFor(ingest.address), ...options });
}

function optionsFor(address: { readonly host: string; readonly port: number }): ReplayOptions {
  const { host, port } = address;
  return { host, port, channel: 'replay.light', stream: 'run-1', window: 100, speed: Infinity, clock: systemClock };
}

function source(runs: readonly SampleRun[], said: Partial<SampleSource> = {}): SampleSource {
  return {
    datatype: 'ri32_le',
    rateHz: 10_000,
    scale: 1,
    offset: 0,
    unit: '',
    fullScale: undefined,
    epochNs: undefined,
    description: '',
    hardware: '',
    progress: 0,
    async *runs() {
      yield* runs;
    },
    close: async () => undefined,
    ...said,
  };
}

function ramp(firstSample: number, samples: number): SampleRun {
  const values = Int32Array.from({ length: samples }, (_, i) => firstSample + i);
  return { firstSample, timeNs: undefined, bytes: new Uint8Array(values.buffer) };
}
