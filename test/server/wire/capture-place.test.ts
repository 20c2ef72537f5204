import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureQuery } from '../../../server/http/capture-requests.ts';
import { CAPTURE_PLACE, readPlace, writePlace } from '../../../server/wire/capture-place.ts';

const ms = fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true });

describe('a place on the list', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(ms, ms, (triggerMs, createdMs) => {
        const text = writePlace({ triggerMs, createdMs, id: 'a-1' });

        expect(text).toMatch(CAPTURE_PLACE);
        expect(readPlace(text)).toEqual({ triggerMs: triggerMs + 0, createdMs: createdMs + 0, id: 'a-1' });
      }),
    );
  });

  it.each(['', '5', '5_5', '5_5_', '_5_a', '5_5_A', '5_5_../x', 'NaN_5_a', '5_5_a_a', '1e9_5_a'])(
    'is refused as %j',
    (before) => {
      expect(CaptureQuery.safeParse({ before }).success).toBe(false);
    },
  );
});
