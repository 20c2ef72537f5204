import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../client/inference/sha256.ts';

describe('sha256', () => {
  it('is that of Node for every length around the ends of blocks', () => {
    for (let length = 0; length <= 260; length++)
      expect(sha256(counted(length)), `${length}`).toBe(byNode(counted(length)));
  });

  it('is that of Node for any bytes, also within others', () => {
    const part = fc.tuple(fc.uint8Array({ maxLength: 500 }), fc.nat(100));
    fc.assert(
      fc.property(part, ([bytes, from]) => {
        expect(sha256(bytes.subarray(from))).toBe(byNode(bytes.subarray(from)));
      }),
    );
  });

  it('is that of a megabyte', () => {
    expect(sha256(counted(1 << 20))).toBe(byNode(counted(1 << 20)));
  });
});

function counted(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31) & 255);
}

function byNode(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
