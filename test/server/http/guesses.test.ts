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
  it('are ten an address in a quarter of an hour, then one a minute', () => {
    for (let i = 0; i < 10; i++) {
      expect(guesses.waitMs('10.0.0.1')).toBe(0);
      guesses.countWrong('10.0.0.1');
      clock.advance(1000);
    }

    expect(guesses.waitMs('10.0.0.1')).toBe(59_000);
    expect(guesses.waitMs('10.0.0.2')).toBe(0);
    clock.advance(58_999);
    expect(guesses.waitMs('10.0.0.1')).toBe(1);
    clock.advance(1);
    expect(guesses.waitMs('10.0.0.1')).toBe(0);
    guesses.countWrong('10.0.0.1');
    expect(guesses.waitMs('10.0.0.1')).toBe(60_000);
    clock.advance(PERIOD_MS - 60_000); // nine of the first ten are gone, and the tenth goes
    guesses.countWrong('10.0.0.1');
    expect(guesses.waitMs('10.0.0.1')).toBe(0);
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
    for (let i = 0; i < 10; i++) guesses.countWrong('10.2.0.1');
    expect(guesses.waitMs('10.2.0.1')).toBe(60_000);
  });

  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2', true],
    ['2001:db8:0:1::1', '2001:0db8:0000:0001:0:0:0:9', true],
    ['fe80::1%eth0', 'fe80::2%eth1', true],
    ['2001:db8::1', '2001:db8:0:1::1', false],
    ['::1', '1::', false],
    ['10.0.0.1', '10.0.0.11', false],
  ])('of %s and %s are those of one host: %s', (a, b, isOne) => {
    for (let i = 0; i < 10; i++) guesses.countWrong(a);

    expect(guesses.waitMs(b) > 0).toBe(isOne);
  });
});
