import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pin } from '../../../server/history/catalogue.ts';
import { expiredFiles } from '../../../server/history/retention.ts';
import type { SealedFile } from '../../../server/history/sealed-file.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1000 * DAY_MS;
const settings = (days: number, bytes: number) => ({
  keep_days: Array(8).fill(days),
  keep_bytes: Array(8).fill(bytes),
});

describe('expiredFiles', () => {
  it('removes what ended too long ago, whatever room there is', () => {
    const files = [file(0, 900), file(0, 988), file(0, 990), file(0, 999)];

    expect(days(expiredFiles(files, [], settings(10, 1e9), NOW_MS))).toEqual([900, 988]);
  });

  it('removes the oldest of a tier that takes too much, and of no other tier', () => {
    const files = [file(0, 999), file(0, 997), file(0, 998), file(1, 990)];

    expect(days(expiredFiles(files, [], settings(100, 250), NOW_MS))).toEqual([997]);
  });

  it('keeps what a pin overlaps and takes the next oldest', () => {
    const files = [file(0, 996), file(0, 997), file(0, 998)];

    expect(days(expiredFiles(files, [pin('PMT-1', 996.5)], settings(100, 200), NOW_MS))).toEqual([997]);
    expect(days(expiredFiles(files, [pin('PMT-2', 996.5)], settings(100, 200), NOW_MS))).toEqual([996]);
  });

  it('never removes what a pin overlaps, and no more than it must', () => {
    const numbers = fc.integer({ min: 900, max: 999 });
    fc.assert(
      fc.property(fc.array(numbers), fc.array(numbers), fc.integer({ min: 0, max: 20 }), (starts, pinned, kept) => {
        const files = starts.map((start) => file(0, start));
        const pins = pinned.map((start) => pin('PMT-1', start));

        const expired = expiredFiles(files, pins, settings(1000, kept * 100), NOW_MS);

        expect(expired.filter((one) => pinned.includes(dayOf(one)))).toEqual([]);
        const free = files.filter((one) => !pinned.includes(dayOf(one))).length;
        expect(expired.length).toBe(Math.min(free, Math.max(0, files.length - kept)));
      }),
    );
  });
});

function file(tier: number, day: number): SealedFile {
  return {
    path: `${tier}/${day}`,
    tier,
    day: '2026-01-01',
    channel: 'PMT-1',
    firstSegment: 1,
    lastSegment: 1,
    rows: 1,
    bytes: 100,
    crc32: 0,
    fromNs: ns(day),
    toNs: ns(day + 1),
  };
}

function pin(channel: string, day: number): Pin {
  return { channel, fromNs: ns(day), toNs: ns(day) + 1n };
}

function ns(day: number): bigint {
  return BigInt(day * DAY_MS) * 1_000_000n;
}

function dayOf({ fromNs }: SealedFile): number {
  return Number(fromNs / 1_000_000n) / DAY_MS;
}

function days(files: readonly SealedFile[]): number[] {
  return files.map(dayOf);
}
