import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../server/alarms/conditions/condition.ts';
import { Delay } from '../../../server/alarms/delay.ts';
import { runs } from '../../support/runs.ts';

const T0 = 1_700_000_000_000_000_000n;
const DELAYS = { onDelaySeconds: 2, offDelaySeconds: 5 };

describe('a delay', () => {
  it('tells what a look at the whole history tells', () => {
    const step = fc.record({ verdict: fc.constantFrom(true, true, false, false, undefined), ms: fc.nat(3000) });
    const delays = fc.record({
      onDelaySeconds: fc.constantFrom(0, 0.5, 2, 4),
      offDelaySeconds: fc.constantFrom(0, 1, 3),
    });
    fc.assert(
      fc.property(delays, fc.array(step, { maxLength: 60 }), (each, steps) => {
        const delay = new Delay(each);
        let timeNs = T0;
        const samples = steps.map(({ verdict, ms }) => {
          timeNs += BigInt(ms) * 1_000_000n;
          return { verdict, timeNs };
        });

        const told = samples.map((sample) => delay.sample(sample.verdict, sample.timeNs));

        expect(told).toEqual(lasting(each, samples));
      }),
      { numRuns: runs(1000, 100_000) },
    );
  });

  it('has nothing to do while nothing changes, and only then', () => {
    const delay = new Delay(DELAYS);

    expect(delay.isIdle(undefined)).toBe(true);
    expect(delay.isIdle(false)).toBe(false);
    delay.sample(false, T0);
    expect(delay.isIdle(undefined)).toBe(false);
    expect(delay.sample(undefined, T0 + 5_000_000_000n)).toBe(false);
    expect(delay.isIdle(false)).toBe(true);
    expect(delay.isIdle(true)).toBe(false);
  });

  it('is carried on by ticks when samples have stopped, and not while they come', () => {
    const delay = new Delay({ onDelaySeconds: 4, offDelaySeconds: 0 });
    delay.sample(true, T0);
    delay.sample(true, T0 + 500_000_000n);

    expect(delay.tick(undefined, 10_000)).toBeUndefined();
    expect(delay.tick(undefined, 12_999)).toBeUndefined();
    expect(delay.tick(undefined, 13_499)).toBeUndefined();
    expect(delay.tick(undefined, 13_500)).toBe(true);
  });

  it('does not let ticks tell what samples are about to tell', () => {
    const delay = new Delay({ onDelaySeconds: 1, offDelaySeconds: 0 });
    delay.sample(true, T0);

    expect(delay.tick(undefined, 10_000)).toBeUndefined();
    expect(delay.tick(undefined, 11_500)).toBeUndefined();
    expect(delay.sample(false, T0 + 900_000_000n)).toBe(false);
    expect(delay.awaited).toBeUndefined();
  });

  it('counts the time of the samples where they come again, and not that of the ticks too', () => {
    const delay = new Delay({ onDelaySeconds: 6, offDelaySeconds: 0 });
    delay.sample(true, T0);
    for (let nowMs = 0; nowMs <= 5000; nowMs += 100) expect(delay.tick(undefined, nowMs)).toBeUndefined();

    expect(delay.sample(true, T0 + 5_000_000_000n)).toBeUndefined();
    expect(delay.sample(true, T0 + 5_900_000_000n)).toBeUndefined();
    expect(delay.sample(true, T0 + 6_000_000_000n)).toBe(true);
  });

  it('goes on after a sample clock that stepped back by an hour', () => {
    const delay = new Delay(DELAYS);
    delay.sample(true, T0);
    delay.sample(true, T0 + 1_000_000_000n);
    const backNs = T0 - 3_600_000_000_000n;

    expect(delay.sample(true, backNs)).toBeUndefined();
    expect(delay.sample(true, backNs + 999_000_000n)).toBeUndefined();
    expect(delay.sample(true, backNs + 1_000_000_000n)).toBe(true);
  });

  it('runs by ticks alone where there are no samples', () => {
    const delay = new Delay(DELAYS);

    expect(delay.tick(true, 1000)).toBeUndefined();
    expect(delay.tick(undefined, 2999)).toBeUndefined();
    expect(delay.tick(true, 3000)).toBe(true);
    expect(delay.tick(false, 3100)).toBeUndefined();
    expect(delay.tick(true, 8000)).toBeUndefined();
    expect(delay.tick(false, 8100)).toBeUndefined();
    expect(delay.tick(false, 13_100)).toBe(false);
  });
});

interface Sample {
  readonly verdict: Verdict;
  readonly timeNs: bigint;
}

/** What is told at each sample: the state, where it has been the same for its delay and is not what was told last. */
function lasting(delays: typeof DELAYS, samples: readonly Sample[]): Verdict[] {
  const states = samples.map(
    (_, i) => samples.slice(0, i + 1).findLast(({ verdict }) => verdict !== undefined)?.verdict,
  );
  let told: Verdict;
  return states.map((state, i) => {
    const before = states.slice(0, i).findLastIndex((each) => each !== state);
    const lastedNs = (samples[i] as Sample).timeNs - (samples[before + 1] as Sample).timeNs;
    const delaySeconds = state ? delays.onDelaySeconds : delays.offDelaySeconds;
    if (state === undefined || state === told || Number(lastedNs) < delaySeconds * 1e9) return undefined;
    told = state;
    return told;
  });
}
