import type { IncompleteRun, Run } from '../model/run.ts';
import { flagWords } from '../wire/row-flag.ts';

const REASONS: readonly (readonly [words: string, holds: (run: IncompleteRun) => boolean])[] = [
  ['with missing windows', ({ missing }) => missing > 0],
  ['with flagged windows', ({ flagged }) => flagged > 0],
  ['with windows that have no finite sample', ({ empty }) => empty > 0],
  ['whose stream ended inside', ({ isEnded }) => isEnded],
];

/** Counts runs, and of those that are incomplete why. */
export class RunTally {
  #complete = 0;
  #incomplete = 0;
  #flags = 0;
  readonly #reasons = REASONS.map(() => 0);

  get complete(): number {
    return this.#complete;
  }

  add(run: Run): void {
    if (run.kind === 'complete') {
      this.#complete++;
      return;
    }
    this.#incomplete++;
    this.#flags |= run.flags;
    REASONS.forEach(([, holds], i) => {
      if (holds(run)) this.#reasons[i]!++;
    });
  }

  /** The counts in words. */
  toString(): string {
    if (this.#incomplete === 0) return `${this.#complete} runs`;
    const reasons = REASONS.flatMap(([words], i) => (this.#reasons[i] === 0 ? [] : [`${this.#reasons[i]} ${words}`]));
    const flags = this.#flags === 0 ? '' : ` (flags: ${flagWords(this.#flags).replaceAll('|', ', ')})`;
    return `${this.#complete} runs; ${this.#incomplete} incomplete are left out: ${reasons.join(', ')}${flags}`;
  }
}
