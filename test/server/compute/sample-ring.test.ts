import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexAt, positionOf } from '../../../server/capture/raw-place.ts';
import { SampleRing } from '../../../server/compute/sample-ring.ts';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { runs } from '../../support/runs.ts';

const BYTES = 64; // 32 samples
const INFO = {
  channel: 'a',
  stream: 's',
  datatype: 'ri16_le',
  rateHz: 1000,
  window: 10,
  unit: '',
  scale: 1,
  offset: 0,
  hardware: '',
  description: '',
  recorder: '',
};

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('write'), bytes: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('gap'), samples: fc.integer({ min: 1, max: 1000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move'), bytes: fc.constantFrom(16, 64, 256) }) },
);

describe('SampleRing', () => {
  it('has the newest samples, each where it belongs, whatever the cuts, gaps and moves', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ring = openRing(BYTES);
        let next = 0; // byte of the stream, whose sample i has the value i
        for (const it of steps) {
          if (it.kind === 'write') {
            write(ring, next, it.bytes);
            next += it.bytes;
          } else if (it.kind === 'gap') {
            next = (Math.floor(next / 2) + it.samples) * 2;
            ring.begin(next / 2, anchorAt(next / 2));
          } else ring.move(new Uint8Array(it.bytes));
          expectNewest(ring, next);
        }
      }),
      { numRuns: runs(300, 30_000) },
    );
  });

  it('remembers what was said of the frames it still has, and of more of them rather than of fewer', () => {
    const ring = openRing(1 << 16);
    const said = (i: number) => (i % 3 === 0 ? WindowFlag.SampleLoss : i % 3 === 1 ? WindowFlag.Invalid : 0);
    for (let i = 0; i < 10_000; i++) {
      ring.mark(said(i));
      write(ring, 4 * i, 4); // two samples each
    }
    for (let i = 0; i < 4; i++) ring.mark(WindowFlag.Invalid); // frames without a sample

    expect(ring.marks.length).toBeLessThanOrEqual(4096);
    expect(ring.marks.at(-1)).toEqual({ at: 20_000, flags: WindowFlag.Invalid });
    for (let i = 0; i < 10_000; i++) {
      const mark = ring.marks.findLast(({ at }) => at <= 2 * i);
      if (mark !== undefined) expect(mark.flags & said(i)).toBe(said(i));
    }
    expect(ring.marks.findLast(({ at }) => at <= 2 * 9_999)).toEqual({ at: 19_998, flags: said(9_999) });
  });

  it('keeps as many samples as fit when it moves, and no more than it had', () => {
    const ring = openRing(64);
    write(ring, 0, 300);

    ring.move(new Uint8Array(32));
    expect([ring.oldest, ring.end]).toEqual([135, 150]); // 16 places, one of them for a sample that may be cut
    ring.move(new Uint8Array(256));
    expect([ring.oldest, ring.end]).toEqual([135, 150]);
  });

  it('begins a run where the line of time is set anew, and not where it only wavers', () => {
    const ring = openRing(64);
    write(ring, 0, 40);
    ring.tell(10, anchorAt(10, 400_000n));
    expect(ring.runs).toHaveLength(1);

    ring.tell(15, anchorAt(12, -3_600_000_000_000n));

    expect(ring.runs).toEqual([
      { at: 0, index: 0, anchor: anchorAt(0) },
      { at: 15, index: 15, anchor: anchorAt(12, -3_600_000_000_000n) },
    ]);
  });

  it('forgets the oldest samples where a device leaves more gaps than it remembers', () => {
    const ring = openRing(4096);
    for (let i = 0; i < 300; i++) {
      ring.begin(i * 10, anchorAt(i * 10));
      write(ring, i * 20, 2);
    }

    expect(ring.runs).toHaveLength(256);
    expect([ring.oldest, ring.end]).toEqual([44, 300]);
    expect(indexAt(ring, ring.oldest)).toBe(440);
  });

  it('refuses to read what is not there', () => {
    const ring = openRing(64);
    write(ring, 0, 100);

    expect(() => ring.read(ring.oldest - 1, 1)).toThrow(RangeError);
    expect(() => ring.read(ring.end + 1, 1)).toThrow(RangeError);
  });
});

function openRing(bytes: number): SampleRing {
  const form = { scale: 1, offset: 0, fullScale: undefined };
  const ring = new SampleRing(INFO, { sampleBytes: 2, form, bytes: new Uint8Array(bytes) });
  ring.begin(0, anchorAt(0));
  return ring;
}

function anchorAt(index: number, offNs = 0n) {
  return { index, timeNs: BigInt(index) * 1_000_000n + offNs };
}

function write(ring: SampleRing, from: number, bytes: number): void {
  const chunk = Uint8Array.from({ length: bytes }, (_, i) => byteOf(from + i));
  for (let at = 0; at < bytes; ) at += ring.put(chunk, at, bytes);
}

function byteOf(at: number): number {
  return at % 2 === 0 ? (at / 2) & 255 : (at >> 9) & 255;
}

function expectNewest(ring: SampleRing, next: number): void {
  expect(indexAt(ring, ring.end)).toBe(Math.floor(next / 2));
  expect(ring.end - ring.oldest).toBeLessThanOrEqual(ring.sizeBytes / 2);
  for (let position = ring.oldest; position < ring.end; ) {
    const bytes = ring.read(position, ring.end - position);
    for (const value of new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)) {
      const index = indexAt(ring, position);
      expect(value).toBe(index & 0xffff);
      expect(positionOf(ring, index)).toBe(position++);
    }
  }
}
