import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlarmChange,
  decide,
  decideAction,
  type EntryDraft,
  fold,
  newAlarm,
} from '../../../server/alarms/alarm.ts';
import type { ClearRules } from '../../../server/alarms/alarm-table.ts';
import {
  ALARM_ACTIONS,
  ALARM_PRIORITIES,
  type AlarmActionKind,
  type AlarmReply,
  type BaseState,
  HIDE_REASONS,
  isPresent,
  isUnacknowledged,
} from '../../../server/wire/alarms.ts';
import { runs } from '../../support/runs.ts';

const LATCH = { latch: true, autoAcknowledgeReturns: false };
const NEW = newAlarm({ tag: 'high:A', definition: 'high', channel: 'A', priority: 'high' });
const ACTOR = { name: 'Kim', address: '10.0.0.7' };
const DAY_MS = 86_400_000;
const CASES = { numRuns: runs(300, 30_000) };

describe('any sequence of events and actions', () => {
  it('ends in a legal state, by steps that are legal', () => {
    fc.assert(
      fc.property(history, ({ rules, steps }) => void walk(NEW, rules, steps, expectLegal(rules))),
      CASES,
    );
  });

  it('folds from its entries at every prefix, also through JSON', () => {
    fc.assert(
      fc.property(history, ({ rules, steps }) => {
        const entries: EntryDraft[] = [];
        walk(NEW, rules, steps, (_, entry, live) => {
          entries.push(JSON.parse(JSON.stringify(entry)));
          const restored = entries.reduce<AlarmReply | undefined>(fold, undefined) as AlarmReply;
          expect(JSON.stringify(restored)).toBe(JSON.stringify(live));
        });
      }),
      CASES,
    );
  });

  it('keeps a latch until it is reset, whatever hides it', () => {
    fc.assert(
      fc.property(history, ({ steps }) => {
        walk(NEW, LATCH, steps, (before, entry) => {
          const isGone = before.state !== 'normal' && entry.state === 'normal';
          if (isGone) expect(entry.event).toBeOneOf(['reset', 'remove']);
        });
      }),
      CASES,
    );
  });

  it('raises as the condition says, and nothing else does but the end of hiding', () => {
    fc.assert(
      fc.property(history, ({ rules, steps }) => {
        let isThere = false;
        let alarm = NEW;
        for (const step of steps) {
          if ('event' in step && step.event === 'raise') isThere = true;
          if ('event' in step && (step.event === 'clear' || step.event === 'remove')) isThere = false;
          alarm = walk(alarm, rules, [step], () => {});
          expect(isPresent(alarm.state)).toBe(isThere);
        }
      }),
      CASES,
    );
  });
});

/** What must hold of every step. */
function expectLegal({ latch, autoAcknowledgeReturns }: ClearRules) {
  return (before: AlarmReply, entry: EntryDraft, after: AlarmReply) => {
    expect(after.version).toBe(before.version + 1);
    expect(after.occurrence - before.occurrence).toBeOneOf([0, 1]);
    const isNew = after.occurrence > before.occurrence;

    // Of hiding.
    const reasons = after.hidden.map(({ reason }) => reason);
    expect(reasons).toEqual(HIDE_REASONS.filter((reason) => reasons.includes(reason)));
    expect(entry.hidden).toEqual(reasons);
    for (const { reason, sinceMs, untilMs, by, comment } of after.hidden) {
      expect(comment).toBeTypeOf('string');
      expect(by !== undefined).toBe(reason !== 'suppressed-by-design');
      expect(untilMs !== undefined).toBe(reason === 'shelved');
      if (untilMs !== undefined) expect(untilMs - sinceMs).toBeLessThanOrEqual(DAY_MS);
    }

    // Of the base state.
    expect(isNew).toBe(
      entry.event === 'raise' || (isPresent(after.state) && before.hidden.length > 0 && !reasons.length),
    );
    if (isNew) expect(after.state).toBe('unacknowledged');
    expect(entry.isAnnunciated).toBe(isNew && reasons.length === 0);
    if (after.state !== 'normal') expect(after.occurrence).toBeGreaterThan(0);
    const acknowledged: BaseState[] = ['acknowledged', 'latched-acknowledged'];
    if (acknowledged.includes(after.state)) expect(after.acknowledged).toBeDefined();
    if (isUnacknowledged(after.state)) expect(after.acknowledged).toBeUndefined();
    if (!isNew && !isUnacknowledged(before.state)) expect(isUnacknowledged(after.state)).toBe(false);
    if (isUnacknowledged(before.state) && !isUnacknowledged(after.state)) {
      const byItself = autoAcknowledgeReturns && !latch ? ['clear', 'remove'] : ['remove'];
      expect(entry.event).toBeOneOf(['acknowledge', ...byItself]);
    }
  };
}

interface Act {
  readonly action: AlarmActionKind;
  /** How far what they saw is behind. */
  readonly behind: number;
  readonly minutes: number;
}
/** The server's clock is set, minutes. */
interface ClockStep {
  readonly ahead: number;
}
type Step = { readonly event: AlarmChange['event'] } | Act | ClockStep;
interface History {
  readonly rules: ClearRules;
  readonly steps: readonly Step[];
}

const CHANGES = ['raise', 'clear', 'suppress', 'unsuppress', 'unshelve', 'capture', 'redefine', 'remove'] as const;
const history: fc.Arbitrary<History> = fc.record({
  rules: fc.record({ latch: fc.boolean(), autoAcknowledgeReturns: fc.boolean() }),
  steps: fc.array(
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom({ event: 'raise' } as const, { event: 'clear' } as const) },
      fc.record({ event: fc.constantFrom(...CHANGES) }),
      fc.record({ ahead: fc.integer({ min: -3000, max: 3000 }) }),
      {
        weight: 2,
        arbitrary: fc.record({
          action: fc.constantFrom(...ALARM_ACTIONS),
          behind: fc.constantFrom(0, 0, 0, 1, -1),
          minutes: fc.integer({ min: 1, max: 3000 }),
        }),
      },
    ),
    { minLength: 10, maxLength: 80, size: 'max' },
  ),
});

/** Walks the alarm through `steps`, ten minutes apart but for steps of the clock; gives where it comes to. */
function walk(
  alarm: AlarmReply,
  rules: ClearRules,
  steps: readonly Step[],
  look: (before: AlarmReply, entry: EntryDraft, after: AlarmReply) => void,
): AlarmReply {
  let aheadMs = 0;
  return steps.reduce((before, step, i) => {
    if ('ahead' in step) {
      aheadMs += step.ahead * 60_000;
      return before;
    }
    const atMs = (before.version + i) * 600_000 + aheadMs;
    const entry =
      'event' in step ? decide(before, rules, changeOf(before, step.event, atMs)) : actOf(before, rules, step, atMs);
    if (entry === undefined) return before;
    const after = fold(before, entry);
    look(before, entry, after);
    return after;
  }, alarm);
}

function changeOf(alarm: AlarmReply, event: AlarmChange['event'], atMs: number): AlarmChange {
  const { version, occurrence } = alarm;
  switch (event) {
    case 'raise':
      return { event, atMs, atNs: BigInt(version), beganNs: 1n, finding: { value: version } };
    case 'suppress':
      return { event, atMs, comment: `parent-${version % 2}` };
    case 'capture':
      return { event, atMs, occurrence, capture: `shot-${version}` };
    case 'unshelve':
      return { event, atMs, untilMs: alarm.hidden.find(({ untilMs = atMs + 1 }) => untilMs <= atMs)?.untilMs ?? 0 };
    case 'redefine':
      return { event, atMs, priority: ALARM_PRIORITIES[version % 4] as 'low' };
    default:
      return { event, atMs };
  }
}

function actOf(alarm: AlarmReply, rules: ClearRules, { action, behind, minutes }: Act, atMs: number) {
  const seen = { occurrence: alarm.occurrence - behind, version: alarm.version - behind };
  const untilMs = atMs + minutes * 60_000;
  const found = decideAction(alarm, rules, { action, id: 'id', seen, actor: ACTOR, atMs, comment: 'words', untilMs });
  if (behind > 0) expect(found).toBe('ALARM_NEWER');
  if (behind < 0) expect(found).toBe('ALARM_UNSEEN');
  return typeof found === 'string' ? undefined : found;
}
