import { describe, expect, it } from 'vitest';
import { Pace, type PaceReport, type PaceVerdict } from '../../../server/hub/pace.ts';

const easy = { backlogMs: 0, isBlocked: false, stalledMs: 0, ackedPerSecond: 90_000, neededBytes: 90_000 };

describe('pace', () => {
  it('leaves a viewer alone that keeps up', () => {
    expect(drive(new Pace(), 60, () => easy)).toEqual([]);
  });

  it('leaves a viewer alone that catches up, however far behind it is', () => {
    const catchingUp = (second: number) => ({ ...easy, isBlocked: true, backlogMs: 60_000 - second * 900 });

    expect(drive(new Pace(), 60, catchingUp)).toEqual([]);
  });

  it('forgives a stumble of two seconds', () => {
    const stumble = (second: number) =>
      second === 5 || second === 6 ? { ...easy, isBlocked: true, backlogMs: second * 1000, ackedPerSecond: 0 } : easy;

    expect(drive(new Pace(), 30, stumble)).toEqual([]);
  });

  it('makes trends coarser until what is acknowledged is enough', () => {
    const pace = new Pace();
    const slow = (second: number) => ({
      backlogMs: second * 1000,
      isBlocked: true,
      stalledMs: 500,
      ackedPerSecond: 15_000,
      neededBytes: 90_000 / pace.coarseness,
    });

    const verdicts = drive(pace, 30, slow);

    expect(verdicts.map(([, verdict]) => verdict)).toEqual(['coarser', 'coarser', 'coarser']);
    expect(pace.coarseness).toBe(8); // 90 / 8 = 11.25 kB/s fit into four fifths of 15
  });

  it('gives up a viewer that is too slow even for the coarsest, after making it coarser', () => {
    const pace = new Pace();
    const hopeless = (second: number) => ({
      backlogMs: second * 1000,
      isBlocked: true,
      stalledMs: 500,
      ackedPerSecond: 1000,
      neededBytes: 3000,
    });

    const verdicts = drive(pace, 40, hopeless);

    expect(verdicts.slice(0, 6).map(([, verdict]) => verdict)).toEqual(Array(6).fill('coarser'));
    expect(pace.coarseness).toBe(64);
    const [second, verdict] = verdicts[6];
    expect([second > 15, verdict]).toEqual([true, 'give-up']);
  });

  it('gives up a viewer that acknowledges nothing for 10 s though it is blocked', () => {
    const frozen = (second: number) => ({ ...easy, isBlocked: true, stalledMs: second * 1000, ackedPerSecond: 0 });

    expect(drive(new Pace(), 20, frozen).find(([, verdict]) => verdict === 'give-up')).toEqual([11, 'give-up']);
  });

  it('never gives up a viewer that has nothing to wait for', () => {
    expect(drive(new Pace(), 100, () => ({ ...easy, stalledMs: 100_000, ackedPerSecond: 0 }))).toEqual([]);
  });

  it('makes trends finer after 20 s in step, and waits longer every time', () => {
    const pace = new Pace();
    const slowAtFirst = (second: number) =>
      second < 7 ? { ...easy, isBlocked: true, backlogMs: second * 1000, ackedPerSecond: 0 } : easy;

    const verdicts = drive(pace, 300, slowAtFirst);

    expect(pace.coarseness).toBe(1);
    expect(verdicts.filter(([, verdict]) => verdict === 'finer').map(([second]) => second)).toEqual([27, 68]);
  });
});

type Second = Omit<PaceReport, 'listenedMs' | 'ackedBytes'> & { readonly ackedPerSecond: number };

/** Every second that brought a verdict other than `keep`; ends with the first `give-up`. */
function drive(pace: Pace, seconds: number, at: (second: number) => Second): [number, PaceVerdict][] {
  const verdicts: [number, PaceVerdict][] = [];
  let ackedBytes = 0;
  for (let second = 0; second < seconds; second++) {
    const { ackedPerSecond, ...report } = at(second);
    ackedBytes += ackedPerSecond;
    const verdict = pace.check({ ...report, ackedBytes, listenedMs: second * 1000 });
    if (verdict !== 'keep') verdicts.push([second, verdict]);
    if (verdict === 'give-up') break;
  }
  return verdicts;
}
