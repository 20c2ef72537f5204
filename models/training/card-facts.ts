import type { ModelReport } from '../../server/inference/model-report.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';

/** What a card is made of, whatever its language. */
export interface CardFacts {
  readonly manifest: ModelManifest;
  readonly report: ModelReport;
  /** Simulated, not measured. */
  readonly isGenerated: boolean;
  /** Of each class in the test: which of its runs are found, and surely, how much of what is called so is right, and its runs. */
  readonly reached: readonly { readonly label: string; readonly cells: readonly (string | number)[] }[];
  /** The class with the least F1 of those in the test. */
  readonly weakest: ModelReport['test']['classes'][number];
  /** How the unknown score did on classes left out; undefined where it could not be measured. */
  readonly leftOut: ModelReport['unknown']['candidates'][number] | undefined;
  /** Least and greatest of the decision; undefined where all are the same. */
  readonly weights: readonly [least: number, greatest: number] | undefined;
}
