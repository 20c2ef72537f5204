import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DRAFT_FIELDS,
  differences,
  draftOf,
  fieldOf,
  isSameDraft,
  mayInherit,
  withField,
} from '../../../client/store/definition-draft.ts';
import { resolveDefinitions } from '../../../server/alarms/definition-resolution.ts';
import { definition, WHOLE } from '../../support/alarm-definitions.ts';

const TOP = definition('top', { ...WHOLE, priority: 'low' });
const MIDDLE = definition('middle', { inherits: 'top', priority: 'high' });
const LOW = definition('low', { inherits: 'middle', channels: ['a'], latch: true });
const ALL = new Map([TOP, MIDDLE, LOW].map((one) => [one.id, one]));

describe('a draft', () => {
  it('has what it says, else what the nearest says that it inherits from, else the default', () => {
    const draft = draftOf(LOW);

    expect(fieldOf(draft, 'latch', ALL)).toEqual({ value: true, source: { kind: 'own', hides: undefined } });
    expect(fieldOf(draft, 'priority', ALL)).toEqual({ value: 'high', source: { kind: 'inherited', from: 'middle' } });
    expect(fieldOf(draft, 'title', ALL).source).toEqual({ kind: 'inherited', from: 'top' });
    expect(fieldOf(draft, 'offDelaySeconds', ALL)).toEqual({ value: 0, source: { kind: 'default' } });
  });

  it('says what its own value hides, and shows that again when it is taken away', () => {
    const own = withField(draftOf(LOW), 'priority', 'critical');

    expect(fieldOf(own, 'priority', ALL)).toEqual({ value: 'critical', source: { kind: 'own', hides: 'middle' } });
    expect(fieldOf(withField(own, 'priority', undefined), 'priority', ALL).value).toBe('high');
  });

  it('comes to what the server makes of the definition', () => {
    fc.assert(
      fc.property(fc.constantFrom('top', 'middle'), fc.subarray([...DRAFT_FIELDS]), (inherits, taken) => {
        const own = { priority: 'critical', latch: false, onDelaySeconds: 3, capture: false, suppress: {} };
        const said = Object.fromEntries(Object.entries(own).filter(([field]) => taken.some((one) => one === field)));
        const draft = definition('draft', { inherits, channels: ['*'], ...said });
        const whole = resolveDefinitions([...ALL.values(), draft]).whole.find(({ id }) => id === 'draft')!;

        for (const field of DRAFT_FIELDS) {
          const { value } = fieldOf(draftOf(draft), field, ALL);
          expect(value === false && field === 'capture' ? undefined : value).toEqual(whole[field]);
        }
      }),
    );
  });

  it('is the same in whatever order it was edited, and differs in the fields that differ', () => {
    const a = withField(withField(draftOf(LOW), 'priority', 'low'), 'title', { en: 'a', ko: 'b' });
    const b = withField(withField(draftOf(LOW), 'title', { ko: 'b', en: 'a' }), 'priority', 'low');

    expect(isSameDraft(a, b)).toBe(true);
    expect(isSameDraft(a, draftOf(LOW))).toBe(false);
    expect(differences(draftOf(LOW), withField(a, 'channels', ['b']))).toEqual(['channels', 'title', 'priority']);
  });

  it('may inherit from all but itself and what inherits from it', () => {
    expect(mayInherit('middle', ALL)).toEqual(['top']);
    expect(mayInherit('low', ALL)).toEqual(['top', 'middle']);
    expect(mayInherit('', ALL)).toEqual(['top', 'middle', 'low']);
  });

  it('ends where definitions inherit in a circle', () => {
    const circle = new Map(ALL).set('top', definition('top', { inherits: 'low' }));

    expect(fieldOf(draftOf(LOW), 'offDelaySeconds', circle).source).toEqual({ kind: 'default' });
    expect(mayInherit('top', circle)).toEqual([]);
  });
});
