import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { frameBytes, helloBytes } from '../../support/device.ts';
import { expectBalance, loadKernels } from '../../support/ingest.ts';
import { OfflineIngest, pushCut } from '../../support/offline-session.ts';
import { runs } from '../../support/runs.ts';

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});

const cuts = fc.array(fc.nat(600), { maxLength: 30 });
const word = fc.oneof(fc.nat(70), fc.constantFrom(4_194_304, 4_194_305, 0x7fffffff, 0xffffffff), fc.nat(0xffffffff));
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(600), value: fc.nat(255) }),
  fc.record({ kind: fc.constant('word' as const), at: fc.nat(600), value: word }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(600), value: fc.nat(80) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(600), value: fc.nat(80) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

describe('whatever bytes a device sends', () => {
  it('mutated frames end in order or in a code, and the books balance', () => {
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), cuts, (mutations, at) => {
        const { ingest } = feed(mutations.reduce(mutate, stream()), at);

        expectBalance(ingest.ledger());
        expect(ingest.codes.every((code) => CODES.includes(code))).toBe(true);
      }),
      { numRuns: runs(2000, 100_000) },
    );
  });

  it('noise after a hello ends in a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 300 }), cuts, (noise, at) => {
        const { ingest } = feed(Buffer.concat([helloBytes(HELLO), noise]), at);

        expect(ingest.codes).toEqual(['FRAME_INVALID']);
      }),
      { numRuns: runs(1000, 100_000) },
    );
  });

  it('noise instead of a hello ends in a code or waits for more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (noise, at) => {
        const { ingest } = feed(Buffer.from(noise), at);

        expect(ingest.ledger()).toEqual([]);
        expect(ingest.codes.every((code) => code === 'HELLO_INVALID')).toBe(true);
      }),
      { numRuns: runs(1000, 100_000) },
    );
  });

  it('comes to the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 2 }), cuts, (mutations, at) => {
        const bytes = mutations.reduce(mutate, stream());
        const whole = feed(bytes, []);
        const cut = feed(bytes, at);
        const single = feed(bytes, Array.from(bytes.keys()));

        for (const other of [cut, single]) {
          expect(other.ingest.windows).toEqual(whole.ingest.windows);
          expect(other.ingest.ledger()).toEqual(whole.ingest.ledger());
          expect(other.ingest.codes).toEqual(whole.ingest.codes);
        }
      }),
      { numRuns: runs(300, 10_000) },
    );
  });

  it('cut off at every byte leaves the books balanced', () => {
    const bytes = stream();
    for (let end = 0; end <= bytes.length; end++) {
      const { ingest, session } = feed(bytes.subarray(0, end), []);
      expectBalance(ingest.ledger());
      session.end();
      expectBalance(ingest.ledger());
    }
  });
});

const HELLO = { 'fenestra:window': 10, 'fenestra:stream': 'run', 'fenestra:epoch_ns': '1' };
const CODES = ['HELLO_INVALID', 'VERSION_UNKNOWN', 'FRAME_INVALID', 'CHECKSUM_WRONG', 'INDEX_JUMP'];

function feed(bytes: Buffer, at: readonly number[]) {
  const ingest = new OfflineIngest(kernels);
  const session = ingest.connect();
  pushCut(session, bytes, at);
  return { ingest, session };
}

// A hello and four frames: plain, with checksum, a keep-alive, after a gap.
function stream(): Buffer {
  const payload = Int16Array.from({ length: 33 }, (_, i) => i * 17);
  return Buffer.concat([
    helloBytes(HELLO),
    frameBytes(0, payload, { sequence: 0 }),
    frameBytes(33, payload, { sequence: 1, crc32: crc32(payload) }),
    frameBytes(66, new Int16Array(0), { sequence: 2 }),
    frameBytes(80, payload, { sequence: 3, flags: 5, timeNs: 1_000_000_000n }),
  ]);
}

function mutate(bytes: Buffer, { kind, at, value }: Mutation): Buffer {
  const start = at % bytes.length;
  const copy = Buffer.from(bytes);
  switch (kind) {
    case 'byte':
      copy[start] = value;
      return copy;
    case 'word':
      copy.writeUInt32LE(value, Math.min(start, bytes.length - 4));
      return copy;
    case 'cut':
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + value + 1)]);
    case 'double':
      return Buffer.concat([bytes.subarray(0, start + value), bytes.subarray(start)]);
  }
}
