import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { DefinitionTexts } from '../locale/en-definitions.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { ChangedField } from '../store/definition-draft.ts';

type Named = Readonly<Record<string, unknown>>;
type Names = Readonly<Record<string, string>>;

/** What the viewer calls a part of a definition, whose path has dots: `title.en`. What has no name is said as it is. */
export function pathWords(path: string, { language }: Locale): string {
  const text = DEFINITION_TEXTS[language];
  const [field = '', ...rest] = path.split('.');
  const within: Names = field === 'condition' ? { kind: text.kind, ...text.conditionFields } : partNames(text);
  const names = rest
    .filter((part) => part !== 'ofLast') // its own parts say it
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : (within[part] ?? part)));
  return [fieldName(field, text), ...names].join(' · ');
}

/** What a field of a definition holds, in one line. */
export function valueWords(field: ChangedField, value: unknown, locale: Locale): string {
  const text = DEFINITION_TEXTS[locale.language];
  if (value === undefined) return '–';
  if (value === false) return text.no;
  if (value === true) return text.yes;
  if (field === 'priority') return locale.text.alarmPriority[value as keyof typeof locale.text.alarmPriority];
  if (field === 'condition') return conditionWords(value as Named, text);
  if (field.endsWith('Seconds')) return `${String(value)} ${text.units.seconds}`;
  if (Array.isArray(value)) return value.length === 0 ? '–' : toPlainText(value.join(', '));
  if (typeof value === 'object') return partWords(value as Named, partNames(text));
  return toPlainText(String(value));
}

function conditionWords({ kind, ...parts }: Named, text: DefinitionTexts): string {
  const { figure } = parts;
  const figures: Names = { ...text.figures, ...text.systemFigures };
  const named = { ...parts, ...(typeof figure === 'string' && { figure: figures[figure] ?? figure }) };
  return `${text.kinds[kind as keyof typeof text.kinds]}: ${partWords(named, text.conditionFields)}`;
}

function partWords(parts: Named, names: Names): string {
  const said = Object.entries(parts).map(([key, value]) => {
    const name = names[key] ?? key;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return partWords(value as Named, names);
    return `${name} ${toPlainText(Array.isArray(value) ? value.join(', ') : String(value))}`;
  });
  return said.join(' · ');
}

function fieldName(field: string, text: DefinitionTexts): string {
  const name = (text as Named)[field];
  return typeof name === 'string' ? name : field;
}

function partNames(text: DefinitionTexts): Names {
  return {
    en: text.english,
    ko: text.korean,
    beforeSeconds: text.before,
    afterSeconds: text.after,
    parent: text.parent,
    whileOff: text.whileOff,
  };
}
