import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../../../server/wire/frame.ts';
import { decodeTrendFrame, encodeTrendFrame, type TrendFrame } from '../../../server/wire/trend-frame.ts';
import { runs } from '../../support/runs.ts';

const frame: TrendFrame = {
  sentMs: 1_700_000_000_500,
  blocks: [
    {
      channel: 3,
      span: 4,
      windows: 7,
      stream: 1,
      lastSeq: 1006,
      firstRow: 250,
      timeNs: 1_700_000_000_000_000_000n,
      rowNs: 20_000_000,
      arrivedMs: 1_700_000_000_460.25,
      min: Float64Array.of(-1, Infinity),
      max: Float64Array.of(2.5, -Infinity),
      mean: Float64Array.of(0.5, 0),
      m2: Float64Array.of(4, 0),
      count: Uint32Array.of(200_000, 0),
      clipped: Uint32Array.of(1, 0),
      nonfinite: Uint32Array.of(0, 150_000),
      flags: Uint32Array.of(0, 4),
    },
  ],
};

// The bytes of `frame`, by hand; server/wire/README.md explains them. Changing
// them is a protocol change: raise WIRE_VERSION and say so there.
// biome-ignore format: a table
const golden =
  '46570101' + '01000000' + '00409f56febc7842' + 'b8000000' + '00000000' + // FW v1 trends, 1 block, sent, 184 bytes
  '03000000' + '02000000' + '04000000' + '07000000' +                     // channel, rows, span, windows
  '01000000' + '00000000' + 'ee03000000000000' + 'fa00000000000000' +     // stream, reserved, last seq, first row
  '00002a36fe9c9717' + '00000000d0127341' + '00c49c56febc7842' +          // time, row length, arrived
  '000000000000f0bf' + '000000000000f07f' +                               // min
  '0000000000000440' + '000000000000f0ff' +                               // max
  '000000000000e03f' + '0000000000000000' +                               // mean
  '0000000000001040' + '0000000000000000' +                               // m2
  '400d0300' + '00000000' +                                               // count
  '01000000' + '00000000' +                                               // clipped
  '00000000' + 'f0490200' +                                               // non-finite
  '00000000' + '04000000'; // flags

describe('trend frame', () => {
  it('encodes to the documented bytes', () => {
    expect(Buffer.from(encodeTrendFrame(frame)).toString('hex')).toBe(golden);
  });

  it('decodes the documented bytes', () => {
    expect(decodeTrendFrame(bytes(golden))).toEqual(frame);
  });

  it('has its bytes in the README as they are here', () => {
    const readme = readFileSync(new URL('../../../server/wire/README.md', import.meta.url), 'utf8');
    const [, example] = /```hex\n([\s\S]*?)```/.exec(readme)!;
    const hex = example.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, '');

    expect(hex).toBe(golden);
  });

  it('survives a round trip, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.record({ sentMs: fc.double({ noNaN: true }), blocks: fc.array(block, { maxLength: 5 }) }),
        (any) => {
          expect(decodeTrendFrame(encodeTrendFrame(any))).toEqual(any);
        },
      ),
      { numRuns: runs(200, 20_000) },
    );
  });

  it.each([
    ['an empty buffer', '', 0],
    ['a header that is cut off', golden.slice(0, 46), 23],
    ['a foreign magic', edit(0, 'ffff'), 0],
    ['a newer version', edit(2, '02'), 2],
    ['another kind', edit(3, '07'), 3],
    ['more blocks than there are', edit(4, '02000000'), 184],
    ['fewer blocks than there are', edit(4, '00000000'), 24],
    ['a length that lies', edit(16, 'b7000000'), 16],
    ['a trailing byte', `${edit(16, 'b9000000')}00`, 184],
    ['a row that is cut off', edit(16, 'b7000000').slice(0, -2), 28],
    ['a block without rows', edit(28, '00000000'), 28],
    ['more rows than there is room for', edit(28, 'ffffffff'), 28],
    ['a span of 0', edit(32, '00000000'), 32],
    ['fewer windows than rows', edit(36, '01000000'), 36],
    ['more windows than the rows can hold', edit(36, '09000000'), 36],
    ['a last sequence number below its windows', edit(48, '0500000000000000'), 48],
    ['a sequence number past 2^53', edit(48, '0000000000002000'), 48],
    ['a row number past 2^53', edit(56, 'ffffffffffffffff'), 56],
    ['rows of no length', edit(72, '0000000000000000'), 72],
    ['rows of endless length', edit(72, '000000000000f07f'), 72],
    ['rows of unknown length', edit(72, '000000000000f87f'), 72],
  ])('rejects %s', (_name, hex, offset) => {
    expect(() => decodeTrendFrame(bytes(hex))).toThrow(expect.objectContaining({ name: 'WireError', offset }));
  });

  it('rejects its bytes cut anywhere', () => {
    for (let length = 0; length < golden.length / 2; length++) {
      expect(() => decodeTrendFrame(bytes(golden.slice(0, length * 2)))).toThrow(WireError);
    }
  });

  it('never fails in any other way, whatever arrives', () => {
    const noise = fc.uint8Array({ maxLength: 512 });
    const patches = fc.array(fc.record({ at: fc.nat(183), value: fc.nat(255) }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.oneof(noise, patches.map(patched)), (input) => {
        try {
          decodeTrendFrame(input.slice().buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: runs(2000, 1_000_000) },
    );
  });
});

const index = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const u32 = fc.nat({ max: 0xffff_ffff });
const block = fc.integer({ min: 1, max: 20 }).chain((rows) => {
  const wide = fc.array(fc.double(), { minLength: rows, maxLength: rows }).map((values) => Float64Array.from(values));
  const narrow = fc.array(u32, { minLength: rows, maxLength: rows }).map((values) => Uint32Array.from(values));
  return fc.record({
    channel: u32,
    span: fc.integer({ min: 1, max: 1000 }),
    windows: fc.constant(rows),
    stream: u32,
    lastSeq: index.map((seq) => Math.max(seq, rows)),
    firstRow: index,
    timeNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    rowNs: fc.double({ min: 1, max: 1e15, noNaN: true }),
    arrivedMs: fc.double({ noNaN: true }),
    min: wide,
    max: wide,
    mean: wide,
    m2: wide,
    count: narrow,
    clipped: narrow,
    nonfinite: narrow,
    flags: narrow,
  });
});

function edit(offset: number, hex: string): string {
  return golden.slice(0, offset * 2) + hex + golden.slice(offset * 2 + hex.length);
}

function patched(patches: readonly { readonly at: number; readonly value: number }[]): Uint8Array {
  const copy = new Uint8Array(bytes(golden));
  for (const { at, value } of patches) copy[at] = value;
  return copy;
}

function bytes(hex: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(hex, 'hex')).buffer;
}
