import { expect, it } from 'vitest';
import { resolveDefinitions } from '../../../server/alarms/definition-resolution.ts';
import { definitionWarnings, NO_CHANNELS } from '../../../server/alarms/definition-warnings.ts';
import { ALARM_PRIORITIES } from '../../../server/wire/alarms.ts';
import { definition, WHOLE } from '../../support/alarm-definitions.ts';

it('warns of what a less urgent alarm hides, and of nothing else that is hidden', () => {
  for (const [p, parent] of ALARM_PRIORITIES.entries()) {
    for (const [c, child] of ALARM_PRIORITIES.entries()) {
      const { whole, faults } = resolveDefinitions([
        definition('parent', { ...WHOLE, channels: ['*'], priority: parent }),
        definition('child', { ...WHOLE, channels: ['*'], priority: child, suppress: { parent: 'parent' } }),
      ]);
      expect(faults).toEqual([]);

      const warnings = definitionWarnings(whole, NO_CHANNELS);

      expect(warnings.map(({ code, id, path, found }) => [code, id, path, found])).toEqual(
        c < p ? [['PARENT_LESS_URGENT', 'child', 'suppress.parent', 'parent']] : [],
      );
    }
  }
});

it('warns of a normal band that channels do not have, where the definition gives none and has the alarm', () => {
  const band = { kind: 'band', deadband: 0 } as const;
  const { whole } = resolveDefinitions([
    definition('band', { ...WHOLE, channels: ['*'], condition: band }),
    definition('given', { ...WHOLE, channels: ['*'], condition: { ...band, low: 1 } }),
    definition('own', { inherits: 'band', channels: ['c'], condition: { ...band, high: 2 } }),
  ]);
  const names = ['a', 'b', 'c', 'd'];

  const found = definitionWarnings(whole, { names, banded: new Set(['a']) });
  expect(found.map(({ code, id, found: channels }) => [code, id, channels])).toEqual([['BAND_NONE', 'band', 'b, d']]);
  expect(definitionWarnings(whole, { names, banded: new Set(names) })).toEqual([]);
});
