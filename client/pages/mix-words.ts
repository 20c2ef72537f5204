import type { Score } from '../components/fen-scores.ts';
import type { Locale } from '../locale/locale.ts';
import { MODEL_TEXTS } from '../locale/model-texts.ts';
import type { ClassMix, MixVerdict } from './class-mix.ts';
import { percent } from './model-words.ts';

// What the mix of classes comes to, in words.

export interface MixSentence {
  readonly words: string;
  /** Something is to be done about it. */
  readonly isPlain: boolean;
}

/** The verdict, then what else is to be known of the runs that are counted. */
export function mixWords(mix: ClassMix, locale: Locale): MixSentence[] {
  const text = MODEL_TEXTS[locale.language].drift;
  const calm = (words: string): MixSentence => ({ words, isPlain: false });
  const plain = (words: string): MixSentence => ({ words, isPlain: true });
  const others = mix.others === 0 ? [] : [calm(text.others(locale.count(mix.others)))];
  if (mix.runs === 0) return [calm(text.noRuns), ...others];
  const { distance, unknown } = mix;
  const strange = unknown?.isMore ? [plain(text.moreUnknown)] : [];
  return [...(distance ? [verdictOf(distance.verdict)] : []), ...strange, ...others];

  function verdictOf(verdict: MixVerdict): MixSentence {
    return verdict === 'drift' ? plain(text.verdicts.drift) : calm(text.verdicts[verdict]);
  }
}

/** The figures beside the mix, each with what it means. */
export function mixScores(mix: ClassMix, locale: Locale): Score[] {
  const text = MODEL_TEXTS[locale.language].drift;
  const { distance, unknown, incomplete = 0, unanswered = 0, named, apart, runs } = mix;
  return [
    ...(distance
      ? [
          {
            written: percent(distance.value, locale),
            name: text.distance,
            why: text.distanceWhy(
              percent(distance.noise, locale),
              locale.count(named),
              locale.count(Math.max(1, Math.round(apart))),
              locale.count(distance.tested),
            ),
          },
        ]
      : []),
    ...(unknown
      ? [
          {
            written: percent(unknown.share, locale),
            name: text.unknown,
            why:
              unknown.promised === undefined ? text.unknownAlone : text.unknownWhy(percent(unknown.promised, locale)),
          },
        ]
      : []),
    { written: percent(incomplete, locale), name: text.incomplete, why: text.incompleteWhy(locale.count(runs)) },
    ...(unanswered > 0
      ? [{ written: percent(unanswered, locale), name: text.unanswered, why: text.unansweredWhy }]
      : []),
  ];
}
