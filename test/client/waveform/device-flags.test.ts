import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeviceFlags, flaggedRanges, flagsIn } from '../../../client/waveform/device-flags.ts';
import { RowFlag } from '../../../server/wire/row-flag.ts';
import { captureReply, segmentsWithGaps } from '../../support/capture-files.ts';

// Samples 0 … 99 and 100 … 299 of the file, 50 samples of the stream apart.
const SEGMENTS = segmentsWithGaps([100, 200], { index: 5000, gap: 50, rateHz: 1000, timeMs: 0 });
const TRIGGER = { 'core:sample_start': 50, 'core:sample_count': 1, 'core:label': 'person' };

afterEach(() => {
  vi.useRealTimers();
});

describe('what a device said of samples', () => {
  it.each([
    ['before a gap', 10, 20, 5010, 5030],
    ['up to a gap', 90, 10, 5090, 5100],
    ['after a gap', 100, 1, 5150, 5151],
    ['on both sides of it', 99, 2, 5099, 5151],
  ])('lies in the stream where they do: %s', (_, start, count, from, to) => {
    const flagged = { 'core:sample_start': start, 'core:sample_count': count, 'fenestra:flags': RowFlag.Invalid };

    expect(flaggedRanges({ annotations: [TRIGGER, flagged] }, SEGMENTS)).toEqual([
      { from, to, flags: RowFlag.Invalid },
    ]);
  });

  it('is all of it that was said anywhere in a range', () => {
    const ranges = [
      { from: 10, to: 20, flags: RowFlag.OverRange },
      { from: 20, to: 30, flags: RowFlag.Invalid },
    ];

    expect(flagsIn(ranges, { from: 0, to: 10 })).toBe(0);
    expect(flagsIn(ranges, { from: 19, to: 20 })).toBe(RowFlag.OverRange);
    expect(flagsIn(ranges, { from: 19, to: 21 })).toBe(RowFlag.OverRange | RowFlag.Invalid);
  });

  it('is asked for until it comes, and not once it is left', async () => {
    vi.useFakeTimers();
    const answers = [new Response('', { status: 503 }), Response.json({ annotations: [] })];
    let asked = 0;
    const flags = new DeviceFlags(captureReply({ id: 'c', samples: 300 }), async () => answers[asked++]);

    await flags.load();
    await vi.advanceTimersByTimeAsync(3000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(2);

    const left = new DeviceFlags(captureReply({ id: 'c', samples: 300 }), async () => {
      asked++;
      throw new TypeError('no line');
    });
    await left.load();
    left.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(3);
  });

  it.each([404, 410, 416])('is not asked for again where the server refuses it: %i', async (status) => {
    vi.useFakeTimers();
    const { flags, asked } = asking(async () =>
      Response.json({ code: 'CAPTURE_DAMAGED', message: 'damaged' }, { status }),
    );

    await flags.load();
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(asked()).toBe(1);
  });

  it.each([
    ['is away', async () => Promise.reject(new TypeError('no line'))],
    ['is busy', async () => new Response('', { status: 429 })],
  ])('is asked for a hundred times at most while the server %s', async (_, answer) => {
    vi.useFakeTimers();
    const { flags, asked } = asking(answer);

    await flags.load();
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(asked()).toBe(100);
  });

  it('does not hide that what came makes no sense', async () => {
    vi.useFakeTimers();
    const { flags, asked } = asking(async () => new Response('<html>'));

    await expect(flags.load()).rejects.toThrow(SyntaxError);
    await vi.advanceTimersByTimeAsync(60_000);

    expect(asked()).toBe(1);
  });
});

function asking(answer: () => Promise<Response>) {
  let count = 0;
  const flags = new DeviceFlags(captureReply({ id: 'c', samples: 300 }), () => {
    count++;
    return answer();
  });
  return { flags, asked: () => count };
}
