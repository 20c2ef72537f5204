import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALARM_TABLE, type BaseEvent, nextBaseState } from '../../../server/alarms/alarm-table.ts';
import { BASE_STATES, type BaseState, isPresent, isUnacknowledged } from '../../../server/wire/alarms.ts';

const PLAIN = { latch: false, autoAcknowledgeReturns: false };
const AUTO = { latch: false, autoAcknowledgeReturns: true };
const LATCH = { latch: true, autoAcknowledgeReturns: false };
const BOTH = { latch: true, autoAcknowledgeReturns: true };
const EVENTS: readonly BaseEvent[] = ['raise', 'clear', 'acknowledge', 'reset'];

const rules = fc.constantFrom(PLAIN, AUTO, LATCH, BOTH);
const base = fc.constantFrom(...BASE_STATES);

describe('alarm table', () => {
  // biome-ignore format: a table
  it.each<[BaseState, BaseEvent, BaseState | undefined]>([
    ['normal',                 'raise',       'unacknowledged'],
    ['normal',                 'clear',       undefined],
    ['normal',                 'acknowledge', undefined],
    ['normal',                 'reset',       undefined],
    ['unacknowledged',         'raise',       undefined],
    ['unacknowledged',         'acknowledge', 'acknowledged'],
    ['unacknowledged',         'reset',       undefined],
    ['acknowledged',           'raise',       undefined],
    ['acknowledged',           'acknowledge', undefined],
    ['acknowledged',           'reset',       undefined],
    ['rtn-unacknowledged',     'raise',       'unacknowledged'],
    ['rtn-unacknowledged',     'clear',       undefined],
    ['rtn-unacknowledged',     'acknowledge', 'normal'],
    ['rtn-unacknowledged',     'reset',       undefined],
    ['latched-unacknowledged', 'raise',       'unacknowledged'],
    ['latched-unacknowledged', 'clear',       undefined],
    ['latched-unacknowledged', 'acknowledge', 'latched-acknowledged'],
    ['latched-unacknowledged', 'reset',       undefined],
    ['latched-acknowledged',   'raise',       'unacknowledged'],
    ['latched-acknowledged',   'clear',       undefined],
    ['latched-acknowledged',   'acknowledge', undefined],
    ['latched-acknowledged',   'reset',       'normal'],
  ])('%s + %s -> %s, whatever the rules', (state, event, expected) => {
    for (const each of [PLAIN, AUTO, LATCH, BOTH]) expect(nextBaseState(state, event, each)).toBe(expected);
  });

  it.each([
    ['unacknowledged', PLAIN, 'rtn-unacknowledged'],
    ['unacknowledged', AUTO, 'normal'],
    ['unacknowledged', LATCH, 'latched-unacknowledged'],
    ['unacknowledged', BOTH, 'latched-unacknowledged'],
    ['acknowledged', PLAIN, 'normal'],
    ['acknowledged', AUTO, 'normal'],
    ['acknowledged', LATCH, 'latched-acknowledged'],
    ['acknowledged', BOTH, 'latched-acknowledged'],
  ] as const)('%s + clear with %o -> %s', (state, each, expected) => {
    expect(nextBaseState(state, 'clear', each)).toBe(expected);
  });

  it('is acknowledged by an acknowledgement and not otherwise, but for returns that are by themselves', () => {
    fc.assert(
      fc.property(base, fc.constantFrom<BaseEvent>('raise', 'clear', 'reset'), rules, (state, event, each) => {
        const next = nextBaseState(state, event, each);
        if (next === undefined || !isUnacknowledged(state)) return;
        if (each.autoAcknowledgeReturns && !each.latch && event === 'clear') return;
        expect(isUnacknowledged(next)).toBe(true);
      }),
    );
  });

  it('is never un-acknowledged but by a raise', () => {
    fc.assert(
      fc.property(base, fc.constantFrom<BaseEvent>('clear', 'acknowledge', 'reset'), rules, (state, event, each) => {
        const next = nextBaseState(state, event, each);
        if (next !== undefined && !isUnacknowledged(state)) expect(isUnacknowledged(next)).toBe(false);
      }),
    );
  });

  it('has the condition present after a raise, absent after a clear, and as it was after what people do', () => {
    fc.assert(
      fc.property(base, fc.constantFrom(...EVENTS), rules, (state, event, each) => {
        const next = nextBaseState(state, event, each);
        if (next === undefined) return;
        expect(isPresent(next)).toBe(event === 'raise' || (event !== 'clear' && isPresent(state)));
      }),
    );
  });

  it('leaves a way back to normal from every state', () => {
    for (const state of BASE_STATES) {
      const seen = new Set<BaseState>([state]);
      for (const each of seen) for (const next of Object.values(ALARM_TABLE[each])) seen.add(next);
      expect([...seen], state).toContain('normal');
    }
  });
});
