import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Guesses } from '../../../server/http/guesses.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const PERIOD_MS = 15 * 60_000;

let clock: FakeClock;
let guesses: Guesses;

beforeEach(() => {
  clock = new FakeClock();
  guesses = new Guesses(clock);
});

describe('guesses', () => {
  it('are five an address, then one in two and a half minutes', () => {
    for (let i = 0; i < 5; i++) {
      expect(guesses.waitMs('10.0.0.1')).toBe(0);
      guesses.countWrong('10.0.0.1');
      clock.advance(1000);
    }

    expect(guesses.waitMs('10.0.0.1')).toBe(149_000);
    expect(guesses.waitMs('10.0.0.2')).toBe(0);
    clock.advance(148_999);
    expect(guesses.waitMs('10.0.0.1')).toBe(1);
    clock.advance(1);
    expect(guesses.waitMs('10.0.0.1')).toBe(0);
    guesses.countWrong('10.0.0.1');
    expect(guesses.waitMs('10.0.0.1')).toBe(150_000);
    clock.advance(PERIOD_MS - 150_000); // four of the first five are gone
    guesses.countWrong('10.0.0.1');
    expect(guesses.waitMs('10.0.0.1')).toBe(0);
  });

  it('are never more than ten in any quarter of an hour from one address, known or not, which never waits longer than the pause', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 60 }), fc.boolean(), (pauses, isKnown) => {
        const time = new FakeClock();
        const own = new Guesses(time);
        if (isKnown) own.countRight('10.0.0.1');
        const takenMs: number[] = [];
        for (const pause of [...pauses, ...Array.from({ length: 40 }, () => 0)]) {
          time.advance(pause);
          const waitMs = own.waitMs('10.0.0.1');
          expect(waitMs).toBeLessThanOrEqual(150_000);
          if (pause === 0) time.advance(waitMs); // as fast as may be
          if (own.waitMs('10.0.0.1') > 0) continue;
          own.countWrong('10.0.0.1');
          takenMs.push(time.monotonicMs());
        }
        for (const from of takenMs) {
          const within = takenMs.filter((at) => at >= from && at < from + PERIOD_MS);
          expect(within.length).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it('are a hundred of all addresses together, then one in ten seconds, but for whom the right secret came from', () => {
    for (let i = 0; i < 100; i++) {
      expect(guesses.waitMs(`10.0.${i}.1`)).toBe(0);
      guesses.countWrong(`10.0.${i}.1`);
    }

    guesses.countRight('10.2.0.1');
    expect(guesses.waitMs('10.1.0.1')).toBe(10_000);
    expect(guesses.waitMs('10.2.0.1')).toBe(0);
    clock.advance(10_000);
    expect(guesses.waitMs('10.1.0.1')).toBe(0);
    for (let i = 0; i < 5; i++) guesses.countWrong('10.2.0.1');
    expect(guesses.waitMs('10.2.0.1')).toBe(150_000);
  });

  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2', true],
    ['2001:db8:0:1::1', '2001:0db8:0000:0001:0:0:0:9', true],
    ['fe80::1%eth0', 'fe80::2%eth1', true],
    ['2001:db8::1', '2001:db8:0:1::1', false],
    ['::1', '1::', false],
    ['10.0.0.1', '10.0.0.11', false],
  ])('of %s and %s are those of one host: %s', (a, b, isOne) => {
    for (let i = 0; i < 5; i++) guesses.countWrong(a);

    expect(guesses.waitMs(b) > 0).toBe(isOne);
  });
});
