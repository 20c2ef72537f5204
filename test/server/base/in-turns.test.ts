import { expect, it } from 'vitest';
import { inTurns } from '../../../server/base/in-turns.ts';
import { FakeClock } from '../../support/fake-clock.ts';

it('gives others a turn while work is long, and what it comes to', async () => {
  const clock = new FakeClock();
  const steps: number[] = [];
  let others = 0;
  const work = function* () {
    for (let i = 0; i < 20; i++) {
      clock.advance(2);
      steps.push(others);
      yield;
    }
    return 'done';
  };
  const count = () => {
    others++;
    if (steps.length < 20) setImmediate(count);
  };
  setImmediate(count);

  expect(await inTurns(work(), clock)).toBe('done');
  expect(new Set(steps).size).toBeGreaterThan(4);
});

it('ends with what the work throws', async () => {
  const work = function* (): Generator<void> {
    yield;
    throw new Error('broken');
  };
  await expect(inTurns(work(), new FakeClock())).rejects.toThrow('broken');
});
