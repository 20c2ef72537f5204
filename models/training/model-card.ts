import type { ModelReport } from '../../server/inference/model-report.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';
import type { CardFacts } from './card-facts.ts';
import type { Described } from './datasets/read-runs.ts';
import { percent } from './markdown.ts';
import { englishCard } from './model-card-en.ts';
import { koreanCard } from './model-card-ko.ts';

/** What a person must know of a model before using it: `card.md` in English, `card.ko.md` in Korean. */
export function modelCards(
  manifest: ModelManifest,
  report: ModelReport,
  { isGenerated }: Pick<Described, 'isGenerated'>,
): Readonly<Record<'card.md' | 'card.ko.md', string>> {
  const { test, unknown, decision } = report;
  const weights = decision.classes.map(({ weight }) => weight);
  const facts: CardFacts = {
    manifest,
    report,
    isGenerated,
    reached: test.classes.map(({ label, recall, sureRecall, precision, support }) => ({
      label,
      cells: [percent(recall), sureRecall === undefined ? '' : percent(sureRecall), percent(precision), support],
    })),
    weakest: test.classes.filter(({ support }) => support > 0).reduce((low, of) => (of.f1 < low.f1 ? of : low)),
    leftOut: unknown.candidates.find(({ score }) => score === unknown.score),
    weights: decision.exponent === 0 ? undefined : [Math.min(...weights), Math.max(...weights)],
  };
  return { 'card.md': englishCard(facts), 'card.ko.md': koreanCard(facts) };
}
