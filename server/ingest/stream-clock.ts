import { samplesNs } from '../trend/sample-time.ts';

const TOLERANCE_NS = 1_000_000n;
const LAST_NS = 2n ** 63n - 1n;

interface Anchor {
  readonly index: number;
  readonly timeNs: bigint;
  /** The first sample whose time this anchor tells. */
  readonly from: number;
}

/**
 * Tells the time of a stream's samples: that of an anchor plus the samples
 * since, by the sample rate.
 *
 * The first anchor also tells the times before it. A later one holds from its
 * own place on; what was before keeps its times. Only the newest two are kept:
 * a time is asked for when its window opens, at most a window back.
 */
export class StreamClock {
  readonly #rateHz: number;
  #newest: Anchor | undefined;
  #before: Anchor | undefined;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  get isAnchored(): boolean {
    return this.#newest !== undefined;
  }

  /** Sample `index` was taken at `timeNs`: the first anchor. */
  anchor(index: number, timeNs: bigint): void {
    this.#newest = { index, timeNs, from: index };
  }

  /**
   * The device says that sample `index` was taken at `timeNs`. Where that is
   * off by more than 1 ms at sample `from`, the first that is new, times follow
   * it from there on, and the result is true. Samples before it are sent again,
   * and may have had their times from the clock before.
   */
  correct(index: number, timeNs: bigint, from: number): boolean {
    const offNs = timeNs + samplesNs(from - index, this.#rateHz) - this.timeOf(from);
    if (offNs <= TOLERANCE_NS && offNs >= -TOLERANCE_NS) return false;
    this.#before = this.#newest;
    this.#newest = { index, timeNs, from };
    return true;
  }

  /** Time of sample `index`, ns since 1970 UTC, held inside 64 bits. Asked only once there is an anchor. */
  timeOf(index: number): bigint {
    const anchor = this.#anchorOf(index);
    const time = anchor.timeNs + samplesNs(index - anchor.index, this.#rateHz);
    if (time > LAST_NS) return LAST_NS;
    return time < -LAST_NS ? -LAST_NS : time;
  }

  #anchorOf(index: number): Anchor {
    const newest = this.#newest;
    if (newest === undefined) throw new Error(`time of sample ${index} asked before any anchor`);
    return index < newest.from && this.#before !== undefined ? this.#before : newest;
  }
}
