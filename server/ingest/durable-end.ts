import type { DurableMark } from '../trend/durable-link.ts';

interface Part {
  readonly start: number;
  readonly samples: number;
}

/**
 * How far one stream is safe on the disk, as the history tells it, and which
 * of its windows the history has to be given again.
 */
export class DurableEnd {
  #durable: number;
  #handedOut = 0; // end of the newest whole window
  #owed: number | undefined; // start of the first window that the history did not get, or gave up
  #isWithheld = false;
  #part: Part | undefined; // handed out, and not known to be on the disk

  /** `durable`: where the stream stood when the server started, 0 for a new one. */
  constructor(durable: number) {
    this.#durable = durable;
  }

  /** Whether every whole window is on the disk. */
  get isSettled(): boolean {
    return this.#durable >= this.#handedOut;
  }

  /** Whether a window that its device ended in its middle is on the disk, too. */
  get isWhollySettled(): boolean {
    return this.isSettled && this.#part === undefined;
  }

  /** Whether the device is to send windows again. */
  get isOwed(): boolean {
    return this.#owed !== undefined;
  }

  /** Whether new windows are kept from the history until the ones before them have come again. */
  get isWithheld(): boolean {
    return this.#isWithheld;
  }

  /**
   * The sample before which everything is safe: what was reduced, once all of it is on the disk.
   * `reduced` is the end of the newest window or of the gap after it.
   */
  endOf(reduced: number): number {
    if (this.isSettled) this.#durable = Math.max(this.#durable, reduced);
    return this.#durable;
  }

  /** A whole window that ends at `end` was made. */
  handOut(end: number): void {
    this.#handedOut = Math.max(this.#handedOut, end);
  }

  /** The first `samples` of a window that begins at `start` were made one, as their device ended there. */
  handOutPart(part: Part): void {
    this.#part = part;
  }

  /** See `DurableMark`. */
  mark({ nextSample, partSamples }: Pick<DurableMark, 'nextSample' | 'partSamples'>): void {
    this.#durable = Math.max(this.#durable, nextSample);
    if (this.#part === undefined) return;
    const { start, samples } = this.#part;
    if (nextSample > start || (nextSample === start && partSamples >= samples)) this.#part = undefined;
  }

  /** The history lost windows that it had not called durable, from `start` on. */
  owe(start: number): void {
    this.#owed = Math.min(this.#owed ?? start, start);
    this.#durable = Math.min(this.#durable, start);
  }

  /** The history gets no window any more, from the one at `start` on. */
  withhold(start: number): void {
    this.owe(start);
    this.#isWithheld = true;
  }

  /** Nothing is owed any more: returns from where on the device sends again, undefined where it need not. */
  settle(): number | undefined {
    const owed = this.#owed;
    this.#owed = undefined;
    this.#isWithheld = false;
    return owed;
  }
}
