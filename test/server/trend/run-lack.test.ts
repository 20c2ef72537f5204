import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lackFromWords, lackInWords } from '../../../server/trend/run-lack.ts';

it('is read from its words, whatever a run lacks', () => {
  const points = fc.nat({ max: 1_000_000 });
  const lacks = fc.record({ missing: points, flagged: points, empty: points, isEnded: fc.boolean() });
  fc.assert(
    fc.property(lacks, (lack) => {
      const words = lackInWords(lack);
      expect(lackFromWords(words)).toEqual(words === '' ? undefined : lack);
    }),
  );
  expect(lackInWords({ missing: 17, flagged: 4, empty: 1, isEnded: true })).toBe(
    '17 points are missing, 4 points are flagged, 1 points have no finite sample, the stream ended',
  );
});

it('is not guessed from other words', () => {
  for (const words of ['', 'of another program', '3 points are missing, and more', '03 points are missing']) {
    expect(lackFromWords(words)).toBeUndefined();
  }
});
