import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsPattern } from '../../../server/wire/channel-pattern.ts';

const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '*'), minLength: 1, maxLength: 6 });

describe('a channel pattern', () => {
  it('fits the names that a regular expression of it fits', () => {
    fc.assert(
      fc.property(pattern, name, (written, found) => {
        const slow = new RegExp(`^${written.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);

        expect(fitsPattern(written, found)).toBe(slow.test(found));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers at once however many stars it has', () => {
    expect(fitsPattern(`${'*a'.repeat(31)}*b`, 'a'.repeat(64))).toBe(false);
  });
});
