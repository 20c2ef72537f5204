import { DIAGONALS, DISTANCES } from '../../server/wire/boards.ts';
import type { Choice } from '../components/fen-settings.ts';
import type { Locale } from '../locale/locale.ts';
import { LANGUAGES, TEXTS } from '../locale/texts.ts';
import type { Choices } from './choices.ts';

/** What the settings dialog offers, and what of it is chosen. */
export function offeredChoices(
  { language, theme, scale, diagonal, distance, diagnosis }: Choices,
  { text }: Locale,
): readonly Choice[] {
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
      measures: [
        { key: 'diagonal', label: text.diagonal, unit: text.inches, value: diagonal, range: DIAGONALS, step: 1 },
        { key: 'distance', label: text.distance, unit: 'm', value: distance, range: DISTANCES, step: 0.1 },
      ],
    },
    {
      key: 'diagnosis',
      heading: text.diagnosis,
      chosen: diagnosis,
      options: [
        ['server', text.diagnosedByServer],
        ['here', text.diagnosedHere],
      ],
    },
  ];
}
