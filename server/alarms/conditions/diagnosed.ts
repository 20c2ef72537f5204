import type { Diagnosis, Outcome } from '../../trend/diagnosis.ts';
import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import type { AlarmFinding } from '../../wire/alarms.ts';
import { OfLast } from '../of-last.ts';
import type { Verdict } from './condition.ts';

type Diagnosed = Extract<AlarmCondition, { kind: 'diagnosis' | 'unknown' }>;
type Judged = Extract<Outcome, { kind: 'class' | 'unknown' }>;

/**
 * So many of the last runs were found to be of some classes, surely enough; or
 * to be of none. A run that nobody judged, because it was incomplete, had no
 * model or was left out, counts neither way.
 */
export class DiagnosedCondition {
  readonly input = 'diagnosis';
  readonly #condition: Diagnosed;
  readonly #ofLast: OfLast;
  #finding: AlarmFinding = {};

  constructor(condition: Diagnosed) {
    this.#condition = condition;
    this.#ofLast = new OfLast(condition.ofLast);
  }

  get finding(): AlarmFinding {
    return this.#finding;
  }

  get beganNs(): bigint | undefined {
    return this.#ofLast.beganNs;
  }

  take({ outcome, timeNs }: Diagnosis): Verdict {
    if (outcome.kind !== 'class' && outcome.kind !== 'unknown') return undefined;
    const finding = this.#look(outcome);
    if (finding !== undefined) this.#finding = finding;
    return this.#ofLast.put(finding !== undefined, timeNs);
  }

  /** What of a run is what is looked for. */
  #look(outcome: Judged): AlarmFinding | undefined {
    const condition = this.#condition;
    if (condition.kind === 'unknown') {
      if (outcome.kind !== 'unknown') return undefined;
      return outcome.unknownScore === undefined ? {} : { value: outcome.unknownScore };
    }
    if (outcome.kind !== 'class' || !condition.labels.includes(outcome.label)) return undefined;
    const confidence = outcome.probabilities[outcome.classIndex] ?? 0;
    if (!(confidence >= condition.confidence)) return undefined;
    return { value: confidence, limit: condition.confidence, text: outcome.label };
  }
}
