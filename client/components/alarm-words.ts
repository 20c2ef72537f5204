import type { AlarmReply } from '../../server/wire/alarms.ts';
import type { Language } from '../locale/texts.ts';
import type { ToldDefinition } from '../store/alarms.ts';

/** What a definition says of an alarm, in the viewer's language. */
export interface AlarmWords {
  readonly title: string;
  /** These are empty where nothing is known of the definition. */
  readonly cause: string;
  readonly consequence: string;
  readonly action: string;
  readonly timeToRespondSeconds: number | undefined;
}

const PLACE = /\{(channel|label)\}/g;

/** The words for an alarm; `label` is what people call its channel. It is called by its tag where nobody told of its definition. */
export function alarmWords(
  { tag, channel }: Pick<AlarmReply, 'tag' | 'channel'>,
  definition: ToldDefinition | undefined,
  { language, label }: { language: Language; label: string | undefined },
): AlarmWords {
  if (definition === undefined) {
    return { title: tag, cause: '', consequence: '', action: '', timeToRespondSeconds: undefined };
  }
  const places = { channel, label: label ?? channel };
  const inWords = (texts: ToldDefinition['title']) =>
    (texts[language] ?? texts.en).replace(PLACE, (place, name: 'channel' | 'label') => places[name] ?? place);
  return {
    title: inWords(definition.title),
    cause: inWords(definition.cause),
    consequence: inWords(definition.consequence),
    action: inWords(definition.action),
    timeToRespondSeconds: definition.timeToRespondSeconds,
  };
}
