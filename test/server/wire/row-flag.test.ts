import { describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { flagBits, flagWords, RowFlag } from '../../../server/wire/row-flag.ts';

describe('flags of a row', () => {
  it('are the same bits on the wire as in the trends', () => {
    expect(RowFlag).toEqual(WindowFlag);
  });

  it('are words in a file, which read back to the same bits', () => {
    const all = Array.from({ length: 64 }, (_, bits) => bits);

    expect(all.map(flagWords).map(flagBits)).toEqual(all);
    expect([0, RowFlag.Gap | RowFlag.OverRange].map(flagWords)).toEqual(['', 'over-range|gap']);
    expect(flagBits('gap|what a later version knows')).toBe(RowFlag.Gap);
  });
});
