import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PointLedger } from '../../../client/store/point-ledger.ts';
import { runs } from '../../support/runs.ts';

describe('point ledger', () => {
  it('agrees with a set of numbers', () => {
    const range = fc.record({ from: fc.nat(200), length: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 40 }), (ranges) => {
        const ledger = new PointLedger();
        const seen = new Set<number>();

        for (const { from, length } of ranges) {
          const before = seen.size;
          for (let i = 0; i < length; i++) seen.add(from + i);
          expect(ledger.add(from, from + length)).toBe(seen.size - before);
        }

        const first = Math.min(...seen);
        const last = Math.max(...seen);
        expect(ledger).toMatchObject({
          received: seen.size,
          first,
          next: last + 1,
          missing: last + 1 - first - seen.size,
        });
        const missing = ledger.missingIn(50, 150).flatMap(({ from, to }) => numbers(from, to));
        expect(missing).toEqual(numbers(50, 150).filter((seq) => !seen.has(seq)));
        expect(ledger.receivedIn(50, 150)).toBe([...seen].filter((seq) => seq >= 50 && seq < 150).length);
      }),
      { numRuns: runs(300, 10_000) },
    );
  });

  it('stays bounded with a hole at every second point', () => {
    const ledger = new PointLedger();

    for (let seq = 0; seq < 2000; seq += 2) ledger.add(seq, seq + 1);

    expect(ledger.received).toBe(1000);
    expect(ledger.missing).toBe(999);
    expect(ledger.abandoned).toBe(1000 - 256);
  });
});

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
