import { expect, it } from 'vitest';
import { readWaveLook, writeWaveLook } from '../../../client/pages/wave-address.ts';

const WHOLE = { from: 1000, to: 2_001_000 };

it('reads back what it writes', () => {
  const look = { view: { from: 5000, to: 9000 }, markers: { a: 6000, b: 7000 } };

  const query = new URLSearchParams(writeWaveLook(look, WHOLE) as Record<string, string>).toString();

  expect(query).toBe('from=5000&to=9000&a=6000&b=7000');
  expect(readWaveLook(`?${query}`, WHOLE)).toEqual(look);
});

it('says nothing of a recording that is shown whole, without markers', () => {
  expect(Object.values(writeWaveLook({ view: WHOLE, markers: {} }, WHOLE))).toEqual(Array(4).fill(undefined));
});

it.each([
  '',
  '?from=5000',
  '?from=9000&to=5000',
  '?from=0&to=5000',
  '?from=5e3&to=9e3',
  '?from=-1&to=NaN',
  '?a=7&b=<b>',
])('shows all of it for “%s”', (query) => {
  expect(readWaveLook(query, WHOLE)).toEqual({ view: WHOLE, markers: {} });
});
