import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmsOf } from '../../../server/alarms/definition-alarms.ts';
import { resolveDefinitions } from '../../../server/alarms/definition-resolution.ts';
import { describeApi } from '../../../server/http/openapi.ts';
import { type AlarmDefinition, DEFINITION_LIMIT, RESERVED_IDS } from '../../../server/wire/alarm-definitions.ts';
import { DISK, definition, WHOLE } from '../../support/alarm-definitions.ts';

const CHANNELS = ['a-1', 'a-2', 'b-1'];

describe('resolveDefinitions', () => {
  it('takes from the line of inheritance what a definition leaves out, and its channels from nobody', () => {
    const { whole, faults } = resolveDefinitions([
      definition('top', { ...WHOLE, latch: true, channels: ['a-*'] }),
      definition('middle', { inherits: 'top', priority: 'low' }),
      definition('low', { inherits: 'middle', channels: ['b-*'], onDelaySeconds: 3 }),
    ]);

    expect(faults).toEqual([]);
    expect(whole.map(({ id }) => id)).toEqual(['low', 'middle', 'top']);
    expect(whole[0]).toMatchObject({ title: WHOLE.title, priority: 'low', latch: true, onDelaySeconds: 3 });
    expect(whole[0]).toMatchObject({ channels: ['b-*'], offDelaySeconds: 0, autoAcknowledgeReturns: false });
    expect(whole[1]!.channels).toEqual([]);
  });

  it('refuses the identifiers under which nobody could ask for an alarm', () => {
    const ids = [...RESERVED_IDS, 'journals'];
    const { whole, faults } = resolveDefinitions(ids.map((id) => definition(id, { ...WHOLE, condition: DISK })));

    expect(whole.map(({ id }) => id)).toEqual(['journals']);
    expect(faults.map(({ code, id, path }) => [code, id, path])).toEqual(RESERVED_IDS.map((id) => ['FORM', id, 'id']));
    const beside = Object.keys(describeApi('').paths as object).flatMap(
      (path) => /^\/api\/alarms\/([^/{]+)/.exec(path)?.[1] ?? [],
    );
    expect([...new Set(beside)].sort()).toEqual(RESERVED_IDS);
  });

  it('takes no recording where that is said to be none', () => {
    const { whole } = resolveDefinitions([
      definition('top', { ...WHOLE, capture: { beforeSeconds: 1, afterSeconds: 1 } }),
      definition('without', { inherits: 'top', channels: ['*'], capture: false }),
    ]);

    expect(whole.map(({ capture }) => capture)).toEqual([{ beforeSeconds: 1, afterSeconds: 1 }, undefined]);
  });

  it('lets a template lack anything, and no other', () => {
    const { priority: _, ...unsaid } = WHOLE;
    const { whole, faults } = resolveDefinitions([
      definition('template', unsaid),
      definition('unfinished', { inherits: 'template', channels: ['*'] }),
      definition('server', { ...unsaid, condition: DISK }),
    ]);

    expect(whole).toEqual([]);
    expect(faults).toMatchObject(
      [
        { code: 'FIELD_MISSING', id: 'server', path: 'priority' },
        { code: 'FIELD_MISSING', id: 'unfinished', path: 'priority', message: /unfinished has no priority/ },
      ].map((fault) => ({ ...fault, message: expect.stringMatching(fault.message ?? /./) })),
    );
  });

  it.each<[string, AlarmDefinition[], object[]]>([
    [
      'a missing one',
      [definition('a', { inherits: 'b' }), definition('b', { inherits: 'nowhere' })],
      [
        { code: 'INHERITS_FAULTY', id: 'a', found: 'b' },
        { code: 'INHERITS_UNKNOWN', id: 'b', found: 'nowhere' },
      ],
    ],
    [
      'a cycle',
      [
        definition('a', { inherits: 'b' }),
        definition('b', { inherits: 'a' }),
        definition('c', { inherits: 'b' }),
        definition('d', { inherits: 'd' }),
      ],
      [
        { code: 'INHERITS_CYCLE', id: 'a', found: 'a → b → a' },
        { code: 'INHERITS_CYCLE', id: 'b', found: 'b → a → b' },
        { code: 'INHERITS_FAULTY', id: 'c', found: 'b' },
        { code: 'INHERITS_CYCLE', id: 'd', found: 'd → d' },
      ],
    ],
    [
      'two of one identifier',
      [definition('a', WHOLE), definition('a', { inherits: 'b' }), definition('b', { inherits: 'a' })],
      [
        { code: 'ID_DOUBLE', id: 'a' },
        { code: 'INHERITS_FAULTY', id: 'b', found: 'a' },
      ],
    ],
    [
      'channels of a figure of the server',
      [definition('a', { ...WHOLE, condition: DISK, channels: ['x', 'y-*'] })],
      [{ code: 'SYSTEM_CHANNELS', id: 'a', path: 'channels', found: 'x, y-*' }],
    ],
    [
      'an alarm that is hidden by none, by a template, and by itself',
      [
        definition('a', { ...WHOLE, channels: ['*'], suppress: { parent: 'nowhere' } }),
        definition('b', { ...WHOLE, channels: ['*'], suppress: { parent: 'c' } }),
        definition('c', { priority: 'low' }),
        definition('d', { ...WHOLE, channels: ['*'], suppress: { parent: 'd' } }),
      ],
      [
        { code: 'PARENT_UNKNOWN', id: 'a', path: 'suppress.parent', found: 'nowhere' },
        { code: 'PARENT_TEMPLATE', id: 'b', found: 'c' },
        { code: 'PARENT_CYCLE', id: 'd', found: 'd' },
      ],
    ],
    [
      'alarms that hide each other, also by one that inherits',
      [
        definition('a', { ...WHOLE, channels: ['*'], suppress: { parent: 'b' } }),
        definition('b', { ...WHOLE, channels: ['*'] }),
        definition('b-child', { inherits: 'b', channels: ['a-1'], suppress: { parent: 'a' } }),
        definition('c', { ...WHOLE, channels: ['*'], suppress: { parent: 'a' } }),
      ],
      [
        { code: 'PARENT_CYCLE', id: 'a', found: 'b' },
        { code: 'PARENT_CYCLE', id: 'b-child', found: 'a' },
      ],
    ],
  ])('names %s', (_, documents, expected) => {
    const { whole, faults } = resolveDefinitions(documents);

    expect(faults).toMatchObject(expected);
    const faulty = faults.map(({ id }) => id);
    expect(whole.filter(({ id }) => faulty.includes(id))).toEqual([]);
  });

  it('says that there are too many', () => {
    const documents = Array.from({ length: DEFINITION_LIMIT + 1 }, (_, n) => definition(`d-${n}`, WHOLE));

    expect(resolveDefinitions(documents).faults).toMatchObject([{ code: 'TOO_MANY', found: '2001', expected: '2000' }]);
  });
});

describe('alarmsOf', () => {
  it('gives a channel that several of a line name to the most derived, and one alarm to the server', () => {
    const tags = tagsOf([
      definition('light', { ...WHOLE, channels: ['*'] }),
      definition('light-a', { inherits: 'light', channels: ['a-*'] }),
      definition('light-a2', { inherits: 'light-a', channels: ['a-2'] }),
      definition('other', { ...WHOLE, channels: ['b-*'] }),
      definition('disk', { ...WHOLE, condition: DISK }),
      definition('disk-night', { inherits: 'disk', priority: 'low' }),
    ]);

    expect(tags).toEqual(['disk-night', 'light:b-1', 'light-a:a-1', 'light-a2:a-2', 'other:b-1']);
  });

  it('names the alarms that hide one, of its channel or of the server, whichever of a line has them', () => {
    const { whole } = resolveDefinitions([
      definition('stale', { ...WHOLE, channels: ['*'] }),
      definition('stale-a1', { inherits: 'stale', channels: ['a-1'] }),
      definition('light', { ...WHOLE, channels: ['*'], suppress: { parent: 'stale' } }),
      definition('disk', { ...WHOLE, condition: DISK }),
      definition('late', { ...WHOLE, channels: ['b-1'], suppress: { parent: 'disk' } }),
    ]);

    const hidden = alarmsOf(whole, CHANNELS).filter(({ parents }) => parents.length > 0);

    expect(hidden.map(({ tag, parents }) => [tag, ...parents])).toEqual([
      ['late:b-1', 'disk'],
      ['light:a-1', 'stale-a1:a-1'],
      ['light:a-2', 'stale:a-2'],
      ['light:b-1', 'stale:b-1'],
    ]);
  });
});

// Definitions that inherit in any way, also around, and name any channels.
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const anyDefinition = fc.record(
  {
    id: fc.constantFrom(...IDS),
    inherits: fc.constantFrom(...IDS, 'nowhere'),
    channels: fc.array(fc.constantFrom('*', 'a-*', 'a-2', '*-1', 'none'), { maxLength: 2 }),
    condition: fc.constantFrom(WHOLE.condition, DISK),
    suppress: fc.record({ parent: fc.constantFrom(...IDS, 'nowhere') }),
    body: fc.boolean(),
  },
  { requiredKeys: ['id', 'body'] },
);
const anyDefinitions = fc
  .array(anyDefinition, { maxLength: 8 })
  .map((all) => all.map(({ id, body, ...said }) => definition(id, { ...(body ? WHOLE : {}), ...said })));
const shuffled = anyDefinitions.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
);

describe('any definitions', () => {
  it('come to the same in any order', () => {
    fc.assert(
      fc.property(shuffled, ([all, others]) => {
        expect(resolveDefinitions(others)).toEqual(resolveDefinitions(all));
      }),
      { numRuns: 500 },
    );
  });

  it('never give a channel, or the server, two alarms of one line', () => {
    fc.assert(
      fc.property(anyDefinitions, (all) => {
        const { whole } = resolveDefinitions(all);
        const alarms = alarmsOf(whole, CHANNELS);

        for (const { definition: below, channel } of alarms) {
          const above = ancestorsOf(below.id, all);
          const double = alarms.filter((other) => other.channel === channel && above.has(other.definition.id));
          expect(double).toEqual([]);
        }
        expect(new Set(alarms.map(({ tag }) => tag)).size).toBe(alarms.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('give every channel that one names an alarm of it or of one that inherits from it', () => {
    fc.assert(
      fc.property(anyDefinitions, (all) => {
        const { whole } = resolveDefinitions(all);
        const alarms = alarmsOf(whole, CHANNELS);

        for (const { id, channels, condition } of whole) {
          const named = condition.kind === 'system' ? [undefined] : CHANNELS.filter((name) => channels.includes(name));
          for (const place of named) {
            const line = alarms.filter(
              ({ definition: { id: other } }) => other === id || ancestorsOf(other, all).has(id),
            );
            expect(line.some(({ channel }) => channel === place)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never let alarms hide each other', () => {
    fc.assert(
      fc.property(anyDefinitions, (all) => {
        const alarms = alarmsOf(resolveDefinitions(all).whole, CHANNELS);
        const parents = new Map(alarms.map((alarm) => [alarm.tag, alarm.parents]));

        for (const { tag } of alarms) {
          const above = new Set(parents.get(tag));
          for (const parent of above) for (const next of parents.get(parent) ?? []) above.add(next);
          expect(above).not.toContain(tag);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function tagsOf(documents: readonly AlarmDefinition[]): string[] {
  return alarmsOf(resolveDefinitions(documents).whole, CHANNELS).map(({ tag }) => tag);
}

function ancestorsOf(id: string, documents: readonly AlarmDefinition[]): ReadonlySet<string> {
  const found = new Set<string>();
  let at = documents.find((one) => one.id === id)?.inherits;
  while (at !== undefined && !found.has(at)) {
    found.add(at);
    at = documents.find((one) => one.id === at)?.inherits;
  }
  return found;
}
