import { expect, it } from 'vitest';
import { NewAlarms } from '../../../client/store/new-alarms.ts';
import { alarmOf } from '../../support/alarm-scenes.ts';

it('calls an alarm new once for each time it occurs, however often it is told', () => {
  const fresh = new NewAlarms();
  const alarm = alarmOf('arcing', 'a');
  const take = (...shown: readonly (typeof alarm)[]) => fresh.take(shown).map(({ occurrence }) => occurrence);

  expect(take(alarm)).toEqual([1]);
  expect(take(alarm)).toEqual([]);
  expect(take({ ...alarm, state: 'acknowledged', version: 2 })).toEqual([]);
  expect(take({ ...alarm, occurrence: 2, version: 3 })).toEqual([2]);
  expect(take()).toEqual([]);
});
