import { expect, it } from 'vitest';
import { Locale } from '../../../client/locale/locale.ts';
import { instantWords, lengthWords, scaleFor, secondsWords, valueWords } from '../../../client/pages/capture-words.ts';

const en = new Locale('en', 'Asia/Seoul');
const ko = new Locale('ko', 'Asia/Seoul');

it.each([
  [1.5, '1.5 s'],
  [2, '2 s'],
  [0.2, '200 ms'],
  [0.0123456, '12.3456 ms'],
  [3e-7, '0.3 µs'],
  [0, '0 µs'],
  [1234.5, '1,234.5 s'],
])('writes a length of %d s as %s', (seconds, words) => {
  expect(lengthWords(seconds, en)).toBe(words.replace(' ', '\u202f'));
});

it.each([
  [1.5, '1.5000000 s'],
  [-0.25, '−250.0000 ms'],
  [3e-7, '0.300 µs'],
])('writes the place %d s as fine as one sample of 100 ns is from the next', (seconds, words) => {
  expect(secondsWords(seconds, 1e7, en)).toBe(words.replace(' ', '\u202f'));
});

it('writes a moment with its year and its microseconds, in every language alike', () => {
  const ms = Date.UTC(2025, 10, 21, 15, 7, 32) + 138.999;

  for (const locale of [en, ko]) expect(instantWords(ms, locale)).toBe('2025-11-22 00:07:32.138999');
});

it.each([
  [0, '0 captures'],
  [1, '1 capture'],
  [1200, '1,200 captures'],
])('counts %d as %s', (total, words) => {
  expect(en.text.capturesTotal(en.count(total), '1 GB', '2 GB')).toContain(`${words},`);
});

it.each([
  [3, 0, '3.00000 V'],
  [3, 2e-6, '3.00000000 V'], // a ripple of a µV
  [1000, 2e-3, '1,000.00000 V'],
  [2.5e-9, 1e-9, '2.50000 nV'],
])('writes %d V fine enough where all lie within %d V', (value, apart, words) => {
  expect(valueWords(value, 'V', en, scaleFor(value, apart))).toBe(words.replace(' ', '\u202f'));
});
