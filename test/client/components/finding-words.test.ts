import { expect, it } from 'vitest';
import { findingWords } from '../../../client/components/finding-words.ts';
import { Locale } from '../../../client/locale/locale.ts';
import type { ToldDefinition } from '../../../client/store/alarms.ts';
import type { AlarmFinding } from '../../../server/wire/alarms.ts';
import { toldDefinition } from '../../support/alarm-replies.ts';

const WORDS = { unit: 'mV', locale: new Locale('en', 'UTC') };

it.each<[ToldDefinition['condition'], AlarmFinding, string]>([
  [
    { kind: 'limit', figure: 'mean', above: 1, deadband: 0 },
    { value: 0.131234, limit: 0.125 },
    '0.1312 mV, limit 0.125 mV',
  ],
  [{ kind: 'limit', figure: 'mean', above: 1, deadband: 0 }, { value: -2 }, '−2 mV'],
  [{ kind: 'rate', above: 1, overSeconds: 1, deadband: 0 }, { value: 3, limit: 1 }, '3 mV/s, limit 1 mV/s'],
  [
    { kind: 'diagnosis', labels: ['1'], confidence: 0.9 },
    { value: 0.97, limit: 0.9, text: 'arc' },
    'arc · 97 %, limit 90 %',
  ],
  [{ kind: 'stale' }, { value: 3.068, limit: 3 }, '3.1 s, limit 3 s'],
  [{ kind: 'missing', samples: 1, overSeconds: 60 }, { value: 32_000_000, limit: 1 }, '32.0 M samples, limit 1 sample'],
  [{ kind: 'system', figure: 'disk-free', below: 10, deadband: 0 }, { value: 8.2, limit: 10 }, '8 %, limit 10 %'],
  [{ kind: 'system', figure: 'model-failing', above: 0, deadband: 0 }, { value: 2, limit: 0 }, '2, limit 0'],
])('writes what %o found in the unit of the condition', (condition, finding, words) => {
  const written = findingWords({ finding }, { ...WORDS, definition: toldDefinition('x', { condition }) });
  expect(written.replaceAll('\u202f', ' ')).toBe(words);
});

it('writes nothing where nothing was found, and figures alone where nothing is known of the condition', () => {
  expect(findingWords({}, { ...WORDS, definition: toldDefinition() })).toBe('');
  expect(findingWords({ finding: { value: 1, limit: 0 } }, { ...WORDS, definition: undefined })).toBe('1, limit 0');
});
