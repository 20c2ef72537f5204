import { type SampleAnchor, type SampleTimes, samplesNs, timeFrom } from '../trend/sample-time.ts';

const TOLERANCE_NS = 1_000_000n;
/** A step by more is limited: each can begin files of its own in the history. */
const FREE_STEP_NS = 100_000_000n;
/** Of those, so many are followed at once, and one more in so long. */
const STEP_BURST = 100;
const STEP_MS = 60_000;

/** What became of a time that the device told: it was expected, was followed, or was one step too many. */
export type Correction = 'same' | 'followed' | 'refused';

interface Anchor extends SampleAnchor {
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
export class StreamClock implements SampleTimes {
  readonly #rateHz: number;
  #newest: Anchor | undefined;
  #before: Anchor | undefined;
  #steps = STEP_BURST; // that may be followed
  #stepsMs = 0; // as of then

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
   * it from there on. Samples before it are sent again, and may have had their
   * times from the clock before. A clock that keeps jumping is not followed:
   * of steps over 100 ms only a hundred at once, and one a minute more.
   */
  correct(index: number, timeNs: bigint, from: number, arrivedMs: number): Correction {
    const offNs = timeNs + samplesNs(from - index, this.#rateHz) - this.timeOf(from);
    if (offNs <= TOLERANCE_NS && offNs >= -TOLERANCE_NS) return 'same';
    const isFree = offNs <= FREE_STEP_NS && offNs >= -FREE_STEP_NS;
    if (!isFree && !this.#mayStep(arrivedMs)) return 'refused';
    this.#before = this.#newest;
    this.#newest = { index, timeNs, from };
    return 'followed';
  }

  /** Time of sample `index`, ns since 1970 UTC, as `heldNs` has it. Asked only once there is an anchor. */
  timeOf(index: number): bigint {
    return timeFrom(this.anchorOf(index), index, this.#rateHz);
  }

  #mayStep(nowMs: number): boolean {
    const passed = Math.max(0, nowMs - this.#stepsMs) / STEP_MS;
    this.#steps = Math.min(STEP_BURST, this.#steps + passed);
    this.#stepsMs = nowMs;
    if (this.#steps < 1) return false;
    this.#steps--;
    return true;
  }

  /** The anchor that tells the time of sample `index`. Asked only once there is one. */
  anchorOf(index: number): SampleAnchor {
    const newest = this.#newest;
    if (newest === undefined) throw new Error(`time of sample ${index} asked before any anchor`);
    return index < newest.from && this.#before !== undefined ? this.#before : newest;
  }
}
