import { expect, it } from 'vitest';
import { readLook, timeOfAddress, writeLook } from '../../../client/pages/look-address.ts';

it.each([
  'span=10m',
  'from=2026-11-22T00%3A00%3A00.000Z&to=2026-11-22T01%3A00%3A00.000Z&with=b%2Cc&layout=stack',
  'span=1m&run=2026-11-22T00%3A00%3A00.125Z',
  'span=1m&with=b&run=2026-11-22T00%3A00%3A00.125Z&of=b',
])('an address that is read is written again: %s', (query) => {
  expect(writeLook({ ...readLook(query, 60_000, 'a'), cursorMs: undefined }, 'a')).toBe(query);
});

it('a run is of the channel of its page, unless another is named, and none where its moment has no meaning', () => {
  expect(readLook('run=1000', 60_000, 'a').run).toEqual({ channel: 'a', timeMs: 1000 });
  expect(readLook('run=1000&of=b', 60_000, 'a').run).toEqual({ channel: 'b', timeMs: 1000 });
  expect(readLook('run=never', 60_000, 'a').run).toBeUndefined();
  expect(timeOfAddress('?span=10m&run=1000')).toBe('?span=10m');
});
