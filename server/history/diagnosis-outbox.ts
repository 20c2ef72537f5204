import type { Diagnosis } from '../trend/diagnosis.ts';
import { DIAGNOSES_WAITING } from './diagnosis-intake.ts';

/** From one parcel to the next: a message for each diagnosis costs more than what is in it. */
const PARCEL_MS = 100;

/** Diagnoses on their way to the history's thread: one parcel at a time, so that a thread that stands still has no more than one. */
export class DiagnosisOutbox {
  readonly #post: (diagnoses: readonly Diagnosis[]) => void;
  readonly #waiting: Diagnosis[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isUnderWay = false;
  #givenUp = 0;

  constructor(post: (diagnoses: readonly Diagnosis[]) => void) {
    this.#post = post;
  }

  /** What waits here, and what was given up because too many did. */
  status(): { readonly waiting: number; readonly givenUp: number } {
    return { waiting: this.#waiting.length, givenUp: this.#givenUp };
  }

  add(diagnosis: Diagnosis): void {
    this.#waiting.push(diagnosis);
    if (this.#waiting.length > DIAGNOSES_WAITING) {
      this.#waiting.shift();
      this.#givenUp++;
    }
    if (!this.#isUnderWay) this.#flushSoon();
  }

  /** The parcel was taken. */
  taken(): void {
    this.#isUnderWay = false;
    if (this.#waiting.length > 0) this.#flushSoon();
  }

  /** Hands out all that waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.#isUnderWay = true;
    this.#post(this.#waiting.splice(0));
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.flush(), PARCEL_MS);
  }
}
