import { expect, it } from 'vitest';
import { markedRange } from '../../../client/waveform/wave-events.ts';

it.each([
  [3, 7, { from: 3, to: 8 }],
  [7, 3, { from: 3, to: 8 }],
  [5, 5, { from: 5, to: 6 }],
  [5, undefined, undefined],
  [undefined, 5, undefined],
])('selects from marker %j to marker %j with the samples under both', (a, b, range) => {
  expect(markedRange({ ...(a !== undefined && { a }), ...(b !== undefined && { b }) })).toEqual(range);
});
