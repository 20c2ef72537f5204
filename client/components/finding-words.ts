import type { AlarmReply } from '../../server/wire/alarms.ts';
import type { Channel } from '../../server/wire/events.ts';
import type { Locale } from '../locale/locale.ts';
import type { ToldDefinition } from '../store/alarms.ts';

/** What was found, in the unit of the condition; empty where nothing was told. */
export function findingWords(
  { finding }: AlarmReply,
  definition: ToldDefinition | undefined,
  channel: Channel | undefined,
  { locale, text }: { locale: Locale; text: { readonly passed: (value: string, limit: string) => string } },
): string {
  if (finding === undefined) return '';
  const kind = definition?.condition.kind;
  const isShare = kind === 'diagnosis' || kind === 'unknown';
  const unit = kind === 'limit' || kind === 'rate' || kind === 'band' ? (channel?.unit ?? '') : '';
  const write = (figure: number) =>
    isShare ? locale.percent(figure) : `${Number(figure.toPrecision(4))} ${unit}`.trim().replace('-', '\u2212');
  const { value, limit, text: said = '' } = finding;
  const found = value === undefined ? '' : limit === undefined ? write(value) : text.passed(write(value), write(limit));
  return [said, found].filter((part) => part !== '').join(' · ');
}
