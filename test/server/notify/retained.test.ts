import { expect, it } from 'vitest';
import { Retained } from '../../../server/notify/retained.ts';
import { alarmMessage } from '../../support/outputs.ts';

it('keeps the newest of each alarm, the most urgent first and newest of these', () => {
  const retained = new Retained();
  retained.set(alarmMessage({ tag: 'low', priority: 'low' }), 'l1');
  retained.set(alarmMessage({ tag: 'high', priority: 'high' }), 'h1');
  retained.set(alarmMessage({ tag: 'gone' }), '');
  retained.set(alarmMessage({ tag: 'higher', priority: 'high' }), 'h2');
  retained.set(alarmMessage({ tag: 'low', priority: 'low', state: 'normal' }), 'l2');

  expect(retained.all).toEqual([
    ['higher', 'h2'],
    ['high', 'h1'],
    ['low', 'l2'],
    ['gone', ''],
  ]);
  expect(retained.dropped).toBe(0);
});

it('has a bound, and lets the least urgent that was told longest ago go first', () => {
  const retained = new Retained(40); // of 10 each
  for (const tag of ['a', 'b', 'c']) retained.set(alarmMessage({ tag, priority: 'low' }), '123456789');
  retained.set(alarmMessage({ tag: 'd', priority: 'critical' }), '123456789');
  retained.set(alarmMessage({ tag: 'a', priority: 'low' }), '123456789');
  retained.set(alarmMessage({ tag: 'e', priority: 'low' }), '123456789');

  expect(retained.all.map(([tag]) => tag)).toEqual(['d', 'e', 'a']);
  expect(retained.dropped).toBe(2);
});
