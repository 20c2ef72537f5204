import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPlainText } from '../../../client/locale/plain-text.ts';
import { runs } from '../../support/runs.ts';

describe('toPlainText', () => {
  it.each([
    ['a name in any language', 'Ätzer 3 · 관측창 A', 'Ätzer 3 · 관측창 A'],
    ['a unit with signs', 'µW/cm²·sr', 'µW/cm²·sr'],
    ['letters with marks of their own', 'é ệ कि', 'é ệ कि'],
    ['a text turned round', 'pressure \u202eMARON\u202c bar', 'pressure MARON bar'],
    ['isolates and marks of direction', '\u2066a\u2069\u200e\u200f\u061cb', 'ab'],
    ['what has no width', 'a\u200bb\u00ad\u2060\ufeffc\u200d', 'abc'],
    ['Hangul fillers and a Braille blank', '\u3164\u115f\uffa0\u2800', ''],
    ['tags', 'x\u{e0041}\u{e007f}', 'x'],
    ['lines and controls', 'a\r\n\tb\u0000c\u009b31m\u2028d', 'a b c 31m d'],
    ['blanks of every kind', ' \u00a0\u3000a \u2003 b\u202f', 'a b'],
    ['half a character', 'a\ud800', 'a\ufffd'],
    ['a tower of marks', `a${'\u0301'.repeat(300)}b`, 'a\u0301\u0301\u0301\u0301b'],
  ])('writes %s', (_, text, plain) => {
    expect(toPlainText(text)).toBe(plain);
  });

  it('leaves nothing unseen in any text, and is done after once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const plain = toPlainText(text);

        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
        expect(toPlainText(plain)).toBe(plain);
      }),
      { numRuns: runs(1000, 100_000) },
    );
  });
});
