import { type AlarmReply, SYSTEM_FIGURES } from '../../server/wire/alarms.ts';
import type { Channel } from '../../server/wire/events.ts';
import { type Locale, THIN } from '../locale/locale.ts';
import type { ToldDefinition } from '../store/alarms.ts';

/** What it takes to write a finding. */
export interface FindingWords {
  readonly locale: Locale;
  readonly text: {
    readonly passed: (value: string, limit: string) => string;
    readonly samples: (count: string) => string;
  };
}

/** What was found, in the unit of the condition; empty where nothing was told. */
export function findingWords(
  { finding }: AlarmReply,
  definition: ToldDefinition | undefined,
  channel: Channel | undefined,
  words: FindingWords,
): string {
  if (finding === undefined) return '';
  const write = (figure: number) => writeFigure(figure, definition?.condition, channel?.unit ?? '', words);
  const { value, limit, text: said = '' } = finding;
  const found = value === undefined ? '' : write(value);
  const passed = value === undefined || limit === undefined ? found : words.text.passed(found, write(limit));
  return [said, passed].filter((part) => part !== '').join(' · ');
}

function writeFigure(
  figure: number,
  condition: ToldDefinition['condition'] | undefined,
  unit: string,
  { locale, text }: FindingWords,
): string {
  const plain = String(Number(figure.toPrecision(4))).replace('-', '\u2212');
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
      return text.samples(locale.large(figure, ''));
    case 'system':
      return SYSTEM_FIGURES[condition.figure].startsWith('per cent') ? locale.percent(figure / 100) : plain;
    case undefined:
      return plain;
  }
}
