import { expect, it } from 'vitest';
import { capturedRange } from '../../../server/capture/captured-range.ts';

it('holds all of a recording in which the clock was set back', () => {
  const segments = [
    { timeMs: 10_000, start: 0, index: 0, samples: 2000 },
    { timeMs: 4000, start: 2000, index: 1, samples: 1000 },
  ];

  expect(capturedRange({ segments, rateHz: 1000 })).toEqual({ fromMs: 4000, toMs: 12_000 });
});
