import { describe, expect, it } from 'vitest';
import { wishesOf } from '../../../client/pages/wishes.ts';

describe('wishes', () => {
  it.each([5_000, 60_000, 600_000])('of the control room are as many rows of every channel, at %i ms', (windowMs) => {
    const [{ name, lastSeconds, rate = NaN }, ...others] = wishesOf({ kind: 'control' }, windowMs);

    expect(others).toEqual([]);
    expect([name, lastSeconds, rate * lastSeconds]).toEqual(['*', windowMs / 1000, 2400]);
    expect(rate).toBeLessThanOrEqual(1000); // as fast as the hub can be asked for
  });

  it('of a channel’s page are all windows of that channel and none of the others', () => {
    expect(wishesOf({ kind: 'channel', name: 'PMT-1' }, 60_000)).toEqual([{ name: 'PMT-1', lastSeconds: 60 }]);
  });

  it('of other pages are none', () => {
    expect(wishesOf({ kind: 'system' }, 60_000)).toEqual([]);
  });
});
