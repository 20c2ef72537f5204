import { type AlarmReply, SYSTEM_FIGURES } from '../../server/wire/alarms.ts';
import { type Locale, THIN } from '../locale/locale.ts';
import type { ToldDefinition } from '../store/alarms.ts';

/** What it takes to write a finding. */
export interface FindingWords {
  /** Undefined where nothing was told of it. */
  readonly definition: ToldDefinition | undefined;
  /** Of the channel's values; empty where nothing is known of it. */
  readonly unit: string;
  readonly locale: Locale;
}

/** What was found, in the unit of the condition; empty where nothing was told. */
export function findingWords({ finding }: Pick<AlarmReply, 'finding'>, words: FindingWords): string {
  if (finding === undefined) return '';
  const { value, limit, text: said = '' } = finding;
  const found = value === undefined ? '' : writeFigure(value, words);
  const isPassed = value !== undefined && limit !== undefined;
  const passed = isPassed ? words.locale.text.passed(found, writeFigure(limit, words)) : found;
  return [said, passed].filter((part) => part !== '').join(' · ');
}

function writeFigure(figure: number, { definition, unit, locale }: FindingWords): string {
  const plain = String(Number(figure.toPrecision(4))).replace('-', '\u2212');
  const condition = definition?.condition;
  switch (condition?.kind) {
    case 'diagnosis':
    case 'unknown':
      return locale.percent(figure);
    case 'limit':
    case 'band':
      return `${plain}${THIN}${unit}`.trim();
    case 'rate':
      return `${plain}${THIN}${unit}/s`;
    case 'stale':
      return locale.window(Math.round(figure * 10) * 100);
    case 'missing':
    case 'clipped':
      return locale.text.samplesFound(locale.large(figure, ''));
    case 'system':
      return SYSTEM_FIGURES[condition.figure].startsWith('per cent') ? locale.percent(figure / 100) : plain;
    case undefined:
      return plain;
  }
}
