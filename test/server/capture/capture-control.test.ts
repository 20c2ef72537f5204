import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SampleSink } from '../../../server/trend/sample-sink.ts';
import { CapturedRings, EMPTY_STORE } from '../../support/captured-rings.ts';
import { runs } from '../../support/runs.ts';

const KIB = 1024;
const MIB = KIB * KIB;

describe('CaptureControl', () => {
  it('hands over exactly what was asked for, ten recordings at once, while samples come and rings move', async () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 20, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.array(fc.nat(8000), { minLength: 10, maxLength: 10 }), async (sizes, befores) => {
        const it = await CapturedRings.open({ capture: { ring_bytes: 64 * KIB, rings_bytes: MIB } });
        const sinks = ['a', 'b'].map((channel) => it.stream(channel));
        let next = 0;
        const ids: string[] = [];
        for (const [i, size] of sizes.entries()) {
          for (const sink of sinks) write(sink, next, size);
          next += size;
          if (i >= 5 && ids.length < 10) ids.push(it.begin(i % 2 === 0 ? 'a' : 'b', befores[i - 5]! / 1000, 3));
          it.control.turn();
          await Promise.resolve();
        }
        it.control.close();

        for (const id of ids) {
          const { begin, runs: handed, end } = it.handed(id);
          const { from, to } = begin.capture;
          const got = handed.flatMap(({ samples }) => samples);
          expect(handed.length).toBeLessThanOrEqual(1); // without a gap
          expect(handed[0]?.index ?? to).toBe(from + end!.overtaken);
          expect(got).toEqual(values(from + end!.overtaken, from + end!.overtaken + got.length));
          if (end!.note === undefined) expect(from + end!.overtaken + got.length).toBe(to);
        }
        expect(it.control.status()).toMatchObject({ begun: 10, refused: 0 });
      }),
      { numRuns: runs(6, 1000) },
    );
  });

  it('lets go of what a slow disk does not take in time: bounded, and said, while samples are reduced on', async () => {
    const it = await CapturedRings.open({ capture: { ring_bytes: 16 * MIB } });
    it.isWriting = false;
    it.keepsSamples = false;
    const sinks = Array.from({ length: 10 }, (_, i) => it.stream(`c${i}`, { rateHz: 1e6, window: 50_000 }));
    const block = new Uint8Array(2 * MIB);
    for (const sink of sinks) for (let i = 0; i < 8; i++) sink.write(block, 0, block.length, 0);
    const ids = sinks.map((_, i) => it.begin(`c${i}`, 7, 100));

    for (let i = 0; i < 20; i++) {
      for (const sink of sinks) sink.write(block, 0, block.length, 0);
      for (let turn = 0; turn < 20; turn++) it.control.turn();
      await Promise.resolve();
    }

    expect(it.mostInFlightBytes).toBeLessThanOrEqual(64 * MIB);
    expect(it.inFlightBytes).toBeGreaterThan(60 * MIB);
    for (const id of ids)
      expect(it.handed(id).end?.note).toMatch(/^samples came faster than they could be written, \d+ samples before/);
    expect(it.control.status()).toMatchObject({ active: 0, shortened: 10 });
    const reduced = sinks.reduce((sum, { tally }) => sum + tally.reduced + tally.pending, 0);
    expect(reduced).toBe(10 * 28 * MIB); // of two bytes
  });

  it('copies at most 4 MiB a turn, and 16 where the turn is late', async () => {
    const it = await CapturedRings.open();
    it.keepsSamples = false;
    const sink = it.stream('a', { rateHz: 1e6, window: 50_000 });
    sink.write(new Uint8Array(40 * MIB), 0, 40 * MIB, 0);
    const id = it.begin('a', 20, 0);

    it.control.turn();
    expect(it.handed(id).bytes).toBe(4 * MIB);
    it.clock.advance(1000);
    it.control.turn();
    expect(it.handed(id).bytes).toBe(20 * MIB);
    for (let i = 0; i < 10; i++) it.control.turn();
    expect(it.handed(id)).toMatchObject({ bytes: 2 * 20e6, end: { overtaken: 0 } });
  });

  it('ends a recording whose channel falls silent, whose stream ends, or whose disk has failed', async () => {
    const it = await CapturedRings.open();
    const [a, b] = [it.stream('a'), it.stream('b')];
    for (const sink of [a, b]) write(sink, 0, 5000);
    const [silent, ended, failed] = [it.begin('a', 1, 60), it.begin('b', 1, 60), it.begin('b', 1, 60)];
    it.control.turn();

    it.control.receive({ kind: 'over', id: failed, fill: EMPTY_STORE });
    b.release();
    it.clock.advance(9_000);
    it.control.turn();
    expect(it.handed(silent).end).toBeUndefined();
    it.clock.advance(2_000);
    it.control.turn();

    expect(it.handed(silent).end?.note).toBe('no more samples came, 59999 samples before its end');
    expect(it.handed(ended).end?.note).toBe('its stream ended, 59999 samples before its end');
    expect(it.handed(failed).end).toBeDefined();
    expect(() => it.begin('b', 1, 1)).toThrow(expect.objectContaining({ code: 'CHANNEL_UNKNOWN' }));
  });

  it('keeps the pieces on both sides of a gap apart, and names the index of each', async () => {
    const it = await CapturedRings.open();
    const sink = it.stream('a');
    write(sink, 0, 1000);
    sink.seek(3000, 0);
    write(sink, 3000, 1000);

    const id = it.begin('a', 3.5, 0);
    it.control.turn();

    expect(it.handed(id).runs.map(({ index, samples }) => [index, samples.length])).toEqual([
      [499, 501],
      [3000, 999],
    ]);
  });

  it('refuses more than 32 at a time', async () => {
    const it = await CapturedRings.open();
    write(it.stream('a'), 0, 5000);
    for (let i = 0; i < 33; i++) it.begin('a', 1, 60);

    expect(it.recordings.size).toBe(32);
    expect(it.refused).toEqual(['32 recordings are under way, allowed are 32']);
  });

  it('pins what was before a crossing when it begins, not when its window ends', async () => {
    const it = await CapturedRings.open({ channels: { a: { capture: { above: 30_000 } } } });
    const sink = it.stream('a', { window: 50_000 });
    write(sink, 0, 2500);
    writeSamples(sink, [30_001]);
    it.control.turn();

    const [handed] = it.recordings.values();
    expect(it.windows).toEqual([]);
    expect(handed?.begin.capture).toMatchObject({
      triggerSample: 2500,
      cause: { kind: 'threshold', limit: 30_000, value: 30_001 },
    });
    expect(handed?.runs).toEqual([{ index: 2000, samples: [...values(2000, 2500), 30_001] }]);
  });

  it('names the sample of a crossing and has what was before it where a window is longer than the ring', async () => {
    const capture = { above: 30_000, before_seconds: 1, after_seconds: 1 };
    const it = await CapturedRings.open({ capture: { ring_bytes: 64 * KIB }, channels: { a: { capture } } });
    const sink = it.stream('a', { window: 200_000 });
    for (let from = 0; from < 200_000; from += 1000) {
      write(sink, from, 999);
      writeSamples(sink, [from === 40_000 ? 30_001 : 0]);
      it.control.turn();
      await Promise.resolve();
    }

    expect(it.windows).toHaveLength(1);
    expect([...it.recordings.values()]).toMatchObject([
      { begin: { capture: { triggerSample: 40_999 } }, runs: [{ index: 39_999 }], bytes: 4000, end: { overtaken: 0 } },
    ]);
  });

  it('holds what a condition begins with until it is confirmed or released, so many and so long', async () => {
    const it = await CapturedRings.open();
    const sink = it.stream('a');
    write(sink, 0, 5000);
    const alarm = (text: string) => ({ kind: 'alarm', text }) as const;
    const span = { kind: 'around', beforeSeconds: 1, afterSeconds: 0.5 } as const;
    const [wanted, unwanted, forgotten] = ['wanted', 'unwanted', 'forgotten'].map(
      (text) => it.control.hold({ channel: 'a', cause: alarm(text), span }).id,
    ) as [string, string, string];
    write(sink, 5000, 60_000_000 / 1000);
    it.control.turn();

    expect(it.handed(wanted)).toMatchObject({ bytes: 3000, end: undefined }); // pinned when it began
    expect(it.control.confirm(wanted, alarm('too hot for 10 s'))).toBe(true);
    expect(it.confirmed).toEqual([{ kind: 'confirm', id: wanted, cause: alarm('too hot for 10 s') }]);
    expect(it.handed(wanted).end).toMatchObject({ overtaken: 0 });
    it.control.release(unwanted);
    it.clock.advance(599_000);
    it.control.turn();
    expect([it.dropped, it.control.status()]).toMatchObject([[unwanted], { held: 1, expired: 0 }]);
    it.clock.advance(1000);
    it.control.turn();
    expect([it.dropped, it.control.status()]).toMatchObject([[unwanted, forgotten], { held: 0, expired: 1 }]);
    expect(it.control.confirm(forgotten, alarm(''))).toBe(false);

    const now = { ...span, beforeSeconds: 0 };
    for (let i = 0; i < 17; i++) it.control.hold({ channel: 'a', cause: alarm(''), span: now });
    expect(it.refused).toEqual(['16 recordings wait to be confirmed']);
    it.control.close();
    expect(it.control.status().held).toBe(0);
  });

  it('refuses more bytes of a channel for a cause in an hour than are allowed, and not for another', async () => {
    const it = await CapturedRings.open({ capture: { bytes_per_hour: MIB } });
    for (const channel of ['a', 'b']) write(it.stream(channel), 0, 5000);
    const order = (channel: string, kind: 'alarm' | 'diagnosis') =>
      it.control.request({
        channel,
        cause: { kind, text: '' },
        span: { kind: 'around', beforeSeconds: 0, afterSeconds: 300 }, // 600,000 bytes
      }).state;

    expect([order('a', 'alarm'), order('a', 'alarm')]).toEqual(['recording', 'refused']);
    expect(it.refused).toEqual([
      'it takes 600000 bytes, those of this channel for this cause in the last hour 600000, allowed are 1048576',
    ]);
    expect([order('a', 'diagnosis'), order('b', 'alarm')]).toEqual(['recording', 'recording']);
    it.clock.advance(3_600_000);
    expect(order('a', 'alarm')).toBe('recording');
  });

  it('counts what no person asked for as room, and says where it lacks room for the rest', async () => {
    const it = await CapturedRings.open({ capture: { keep_bytes: 2 * MIB } });
    write(it.stream('a'), 0, 5000);
    const span = { kind: 'around', beforeSeconds: 0, afterSeconds: 300 } as const; // 600,000 bytes
    const order = (kind: 'person' | 'alarm') => {
      const cause = kind === 'person' ? ({ kind, comment: '' } as const) : ({ kind, text: '' } as const);
      return it.control.request({ channel: 'a', cause, span }).state;
    };
    const full = { bytes: 2 * MIB, recordings: 2, spareBytes: 700_000, spareRecordings: 1 };
    it.control.receive({ kind: 'stored', fill: full, recent: [] });

    expect([order('person'), order('person')]).toEqual(['recording', 'refused']);
    expect(it.refused[0]).toBe(
      'it takes 600000 bytes, of the 2097152 for recordings 100000 are free or taken by what no person asked for',
    );
    expect(it.control.status().lacksRoom).toBe(false);
    expect([order('alarm'), it.control.status().lacksRoom]).toEqual(['refused', true]);
    it.control.receive({ kind: 'stored', fill: { ...full, bytes: MIB, spareBytes: 0 }, recent: [] });
    expect(it.control.status().lacksRoom).toBe(true); // what is under way needs it
    it.control.receive({ kind: 'stored', fill: EMPTY_STORE, recent: [] });
    expect([it.control.status().lacksRoom, order('alarm')]).toEqual([false, 'recording']);
  });

  it('finds the very sample that passed a limit, as a plain search does', async () => {
    const levels = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 150, -150, 99), { minLength: 10, maxLength: 400 });
    const holdOffs = fc.constantFrom(0.1, 0.15);
    const cuts = fc.array(fc.nat(800), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(levels, fc.constantFrom(10, 20, 100), holdOffs, cuts, async (samples, window, holdOff, ends) => {
        const trigger = { above: 10, below: -10, hold_off_seconds: holdOff, before_seconds: 0, after_seconds: 0.001 };
        const it = await CapturedRings.open({ channels: { a: { capture: trigger } } });
        const sink = it.stream('a', { window });
        sink.describe({ scale: -0.1, offset: 0.5, fullScale: undefined });
        sink.seek(0, 0);
        const bytes = new Uint8Array(Int16Array.from(samples).buffer);
        const pieces = [...ends.filter((end) => end < bytes.length), bytes.length].sort((a, b) => a - b);
        for (const [i, end] of pieces.entries()) sink.write(bytes, pieces[i - 1] ?? 0, end, 0);

        const expected: number[] = [];
        let last = Number.NEGATIVE_INFINITY;
        for (const [i, x] of samples.entries()) {
          if (Math.abs(-0.1 * x + 0.5) <= 10) continue;
          if (i - last > window && !(i < expected.at(-1)! + holdOff * 1000)) expected.push(i);
          last = i;
        }
        expect([...it.recordings.values()].map(({ begin }) => begin.capture.triggerSample)).toEqual(expected);
      }),
      { numRuns: runs(100, 5000) },
    );
  });
});

function write(sink: SampleSink, from: number, samples: number): void {
  writeSamples(sink, values(from, from + samples));
}

function writeSamples(sink: SampleSink, samples: readonly number[]): void {
  const bytes = new Uint8Array(Int16Array.from(samples).buffer);
  sink.write(bytes, 0, bytes.length, 0);
}

function values(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => (((from + i) * 7919) % 60_000) - 30_000);
}
