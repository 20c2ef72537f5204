import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NsWords } from '../../../server/history/ns-words.ts';

it('tells the time between two as the difference of the whole numbers does', () => {
  const time = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -5n, max: 2n ** 33n }));
  fc.assert(
    fc.property(time, fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), (from, by) => {
      const words = new NsWords(BigInt64Array.of(7n, from, BigInt.asIntN(64, from + by)).subarray(1));
      fc.pre(BigInt.asIntN(64, from + by) === from + by);

      expect(words.between(0, 1)).toBe(Number(by));
      expect(words.between(1, 0) + Number(by)).toBe(0);
    }),
  );
});
