import type { AlarmConditionKind } from '../../server/wire/alarm-definitions.ts';
import type { DefinitionTexts } from '../locale/en-definitions.ts';

/** One thing to say of a condition. */
export interface ConditionField {
  readonly key: string;
  readonly kind: 'number' | 'labels' | 'figure' | 'system-figure' | 'of-last' | 'bound';
  /** Key of its unit; left out where it has none. */
  readonly unit?: keyof DefinitionTexts['units'];
  readonly hint?: keyof DefinitionTexts['hints'];
  readonly isOptional?: boolean;
}

const OF_LAST: ConditionField = { key: 'ofLast', kind: 'of-last', hint: 'ofLast', isOptional: true };
const deadband = (unit: ConditionField['unit']): ConditionField => ({
  key: 'deadband',
  kind: 'number',
  unit,
  hint: 'deadband',
});

/** What each kind of condition is made of, in the order in which people say it. */
export const CONDITION_FIELDS: Readonly<Record<AlarmConditionKind, readonly ConditionField[]>> = {
  limit: [
    { key: 'figure', kind: 'figure' },
    { key: 'bound', kind: 'bound', unit: 'channel' },
    deadband('channel'),
    OF_LAST,
  ],
  rate: [
    { key: 'bound', kind: 'bound', unit: 'perSecond' },
    { key: 'overSeconds', kind: 'number', unit: 'seconds' },
    deadband('perSecond'),
  ],
  band: [
    { key: 'low', kind: 'number', unit: 'channel', hint: 'band', isOptional: true },
    { key: 'high', kind: 'number', unit: 'channel', hint: 'band', isOptional: true },
    deadband('channel'),
    OF_LAST,
  ],
  diagnosis: [{ key: 'labels', kind: 'labels', hint: 'labels' }, { key: 'confidence', kind: 'number' }, OF_LAST],
  unknown: [OF_LAST],
  stale: [{ key: 'seconds', kind: 'number', unit: 'seconds', hint: 'seconds', isOptional: true }],
  missing: [
    { key: 'samples', kind: 'number' },
    { key: 'overSeconds', kind: 'number', unit: 'seconds' },
  ],
  clipped: [{ key: 'samples', kind: 'number' }, OF_LAST],
  system: [{ key: 'figure', kind: 'system-figure' }, { key: 'bound', kind: 'bound' }, deadband(undefined)],
};

/** What a condition begins with where somebody chooses its kind. */
export const FIRST_CONDITIONS: Readonly<Record<AlarmConditionKind, Readonly<Record<string, unknown>>>> = {
  limit: { kind: 'limit', figure: 'mean', deadband: 0 },
  rate: { kind: 'rate', overSeconds: 1, deadband: 0 },
  band: { kind: 'band', deadband: 0 },
  diagnosis: { kind: 'diagnosis', labels: [], confidence: 0.7, ofLast: { n: 3, m: 5 } },
  unknown: { kind: 'unknown', ofLast: { n: 3, m: 5 } },
  stale: { kind: 'stale' },
  missing: { kind: 'missing', samples: 1, overSeconds: 60 },
  clipped: { kind: 'clipped', samples: 1 },
  system: { kind: 'system', figure: 'disk-free', below: 10, deadband: 2 },
};

/** A number as it is typed; undefined where there is none, and the text where it is no number. */
export function typedNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

/** Names as they are typed, with commas, spaces or lines between them. */
export function typedNames(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

/** What stands in the field that an event is of. */
export function typed({ target }: Event): string {
  return (target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
}
