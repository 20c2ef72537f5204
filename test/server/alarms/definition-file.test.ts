import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDefinitionFile, writeDefinitionFile } from '../../../server/alarms/definition-file.ts';
import { readDefinition } from '../../../server/alarms/definition-schema-faults.ts';
import { AlarmDefinition } from '../../../server/wire/alarm-definitions.ts';
import { DISK, definition, WHOLE } from '../../support/alarm-definitions.ts';

const EVERYTHING = definition('a.b-1', {
  ...WHOLE,
  inherits: 'base',
  channels: ['etch-*', 'x'],
  condition: { kind: 'limit', figure: 'max', below: -1e-7, deadband: 0.5, ofLast: { n: 2, m: 3 } },
  onDelaySeconds: 1.5,
  offDelaySeconds: 60,
  latch: true,
  autoAcknowledgeReturns: false,
  capture: { beforeSeconds: 0, afterSeconds: 3 },
  suppress: { parent: 'base', whileOff: true },
});

describe('a file of definitions', () => {
  it('reads as what it was written of, whatever the order was', () => {
    const all = [EVERYTHING, definition('base', { capture: false }), definition('disk', { ...WHOLE, condition: DISK })];

    const text = writeDefinitionFile(all);

    expect(readDefinitionFile(text)).toEqual({ definitions: [all[1], all[2], all[0]], faults: [] });
    expect(writeDefinitionFile([...all].reverse())).toBe(text);
  });

  it('keeps every text as it is', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 30 })
      .filter((one) => !/[\0\p{Surrogate}]/u.test(one));
    fc.assert(
      fc.property(text, fc.double({ noNaN: true, noDefaultInfinity: true }), (en, above) => {
        const all = [definition('a', { title: { en }, condition: { kind: 'limit', figure: 'mean', above } })];

        const { definitions, faults } = readDefinitionFile(writeDefinitionFile(all));

        expect(faults).toEqual([]);
        expect(definitions[0].title).toEqual({ en });
        expect(definitions[0].condition).toEqual({ ...all[0].condition, above: above + 0 }); // TOML has no -0 of a whole number
      }),
    );
  });

  it('names the line, and what was found and expected, of everything that is wrong', () => {
    const text = [
      '[definitions.good]',
      'priority = "low"',
      '[definitions."bad.one"]',
      'priority = "urgent" # none',
      'onDelaySeconds = -1',
      "condition = { kind = 'limit', figure = 'mean' }",
      '[definitions."bad.one".title]',
      'ko = "제목"',
      '[definitions.Capital]',
      'volume = 11',
    ].join('\n');

    const { definitions, faults } = readDefinitionFile(text);

    expect(definitions.map(({ id }) => id)).toEqual(['good']);
    expect(faults.map(({ id, line, code, path, message }) => [id, line, code, path, message])).toEqual([
      ['bad.one', 7, 'FIELD_MISSING', 'title.en', 'title.en is missing'],
      ['bad.one', 4, 'CHOICE', 'priority', 'priority is "urgent", expected one of critical, high, medium, low'],
      [
        'bad.one',
        6,
        'ONE_BOUND',
        'condition',
        'condition is {"kind":"limit","figure":"mean"}: must have above or below, and not both',
      ],
      ['bad.one', 5, 'NUMBER_LOW', 'onDelaySeconds', 'onDelaySeconds is -1, expected at least 0'],
      [
        'Capital',
        9,
        'FORM',
        'id',
        'id is "Capital": must be 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit',
      ],
      ['Capital', 10, 'FIELD_UNKNOWN', 'volume', 'there is no field volume'],
    ]);
  });

  it.each([
    ['no TOML', '[definitions.a]\npriority = = 3', { code: 'FILE_SYNTAX', line: 2 }],
    ['another table', '[definitions.a]\n[server]\nport = 1', { code: 'FIELD_UNKNOWN', path: 'server', line: 2 }],
    ['no table', '[definitions]\na = 3', { code: 'FIELD_TYPE', id: 'a', path: '', line: 2 }],
    ['an identifier of its own', '[definitions.a]\nid = "b"', { code: 'FIELD_UNKNOWN', id: 'a', path: 'id', line: 2 }],
    ['a list of definitions', 'definitions = []', { code: 'FIELD_UNKNOWN', path: 'definitions', line: 1 }],
  ])('is refused with %s', (_, text, fault) => {
    expect(readDefinitionFile(text)).toMatchObject({ definitions: [], faults: [fault] });
  });
});

describe('the schema of a definition', () => {
  it.each([
    ['of another type', { latch: 'yes' }, { code: 'FIELD_TYPE', path: 'latch', found: '"yes"', expected: 'boolean' }],
    ['too large', { offDelaySeconds: 1e9 }, { code: 'NUMBER_HIGH', found: '1000000000', expected: '3600' }],
    ['without a text', { title: { en: '' } }, { code: 'TEXT_SHORT', path: 'title.en' }],
    ['too long', { title: { en: 'x'.repeat(121) } }, { code: 'TEXT_LONG', found: '121', expected: '120' }],
    [
      'with too many channels',
      { channels: Array(257).fill('a') },
      { code: 'LIST_LONG', found: '257', expected: '256' },
    ],
    ['of no kind', { condition: { kind: 'taste' } }, { code: 'CHOICE', path: 'condition.kind', found: '"taste"' }],
    ['of no class', { condition: { kind: 'diagnosis', labels: [], confidence: 1 } }, { code: 'LIST_SHORT' }],
    ['of a strange pattern', { channels: ['a', 'b c'] }, { code: 'FORM', path: 'channels.1', found: '"b c"' }],
    [
      'with half a recording',
      { capture: { beforeSeconds: 1 } },
      { code: 'FIELD_MISSING', path: 'capture.afterSeconds' },
    ],
    ['of no recording, in words', { capture: 'none' }, { code: 'FIELD_TYPE', path: 'capture', expected: 'object' }],
    [
      'of n beyond m',
      { condition: { kind: 'unknown', ofLast: { n: 3, m: 2 } } },
      { code: 'N_OF_M', path: 'condition.ofLast' },
    ],
    [
      'of an empty band',
      { condition: { kind: 'band', low: 2, high: 1 } },
      { code: 'LOW_HIGH', path: 'condition', expected: 'low must be below high' },
    ],
  ])('says of one %s what was found and what was expected', (_, written, fault) => {
    expect(readDefinition({ id: 'a', ...written })).toMatchObject({ faults: [{ id: 'a', ...fault }] });
  });

  it('says something of anything', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom('id', 'condition', 'title', 'channels', 'kind') }), (value) => {
        const read = readDefinition(value);

        const isOne = AlarmDefinition.safeParse(value).success;
        expect('faults' in read ? read.faults.length > 0 && read.faults.every(({ message }) => message) : isOne).toBe(
          true,
        );
      }),
    );
  });
});
