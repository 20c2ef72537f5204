import type { Choice } from '../components/fen-settings.ts';
import type { Locale } from '../locale/locale.ts';
import { LANGUAGES, TEXTS } from '../locale/texts.ts';
import type { Choices } from './choices.ts';

/** What the settings dialog offers, and what of it is chosen. */
export function offeredChoices({ language, theme, scale }: Choices, { text }: Locale): readonly Choice[] {
  return [
    {
      key: 'language',
      heading: text.language,
      chosen: language,
      options: LANGUAGES.map((each) => [each, TEXTS[each].languageName]),
    },
    {
      key: 'theme',
      heading: text.theme,
      chosen: theme,
      options: [
        ['system', text.themeSystem],
        ['light', text.themeLight],
        ['dark', text.themeDark],
      ],
    },
    {
      key: 'scale',
      heading: text.scale,
      chosen: scale,
      options: [
        ['auto', text.scaleAuto],
        ['desk', text.scaleDesk],
        ['wall', text.scaleWall],
      ],
    },
  ];
}
