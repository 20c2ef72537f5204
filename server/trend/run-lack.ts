import type { RunLack } from './diagnosis.ts';

const MISSING = 'points are missing';
const FLAGGED = 'points are flagged';
const EMPTY = 'points have no finite sample';
const ENDED = 'the stream ended';

/** What a run lacks, in the words that are stored. */
export function lackInWords({ missing, flagged, empty, isEnded }: RunLack): string {
  const reasons = [
    missing > 0 ? `${missing} ${MISSING}` : '',
    flagged > 0 ? `${flagged} ${FLAGGED}` : '',
    empty > 0 ? `${empty} ${EMPTY}` : '',
    isEnded ? ENDED : '',
  ];
  return reasons.filter((one) => one !== '').join(', ');
}

/** What those words say; undefined where they are others. */
export function lackFromWords(words: string): RunLack | undefined {
  const points = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(words)?.[1] ?? 0);
  const lack = {
    ...{ missing: points(MISSING), flagged: points(FLAGGED), empty: points(EMPTY) },
    isEnded: words.endsWith(ENDED),
  };
  return words !== '' && lackInWords(lack) === words ? lack : undefined;
}
