import { WindowFlag } from '../trend/trend-window.ts';
import type { ArrivedWindow } from './pending-rows.ts';
import type { HistoryRow } from './row-block.ts';
import type { Hole } from './segment.ts';
import { samplesOf, type WindowPart } from './window-rest.ts';

/** More holes in one stream than a disk that fills again and again makes; past it the oldest is lost. */
const HOLE_LIMIT = 64;

interface OpenHole {
  from: number;
  to: number;
  /** The device sends from before it, in order: what it passes over is not to be had. */
  isDue: boolean;
  /** The device was told to send again. */
  isAsked: boolean;
}

/** Windows that were given up and will not be taken any more, of `from` … `to` − 1. */
export interface LostWindows {
  readonly from: number;
  readonly to: number;
  readonly windows: number;
}

/**
 * Which windows of one stream have come, so that none is kept twice and what
 * was given up is taken when it comes again. Bounded: windows are counted up
 * to `next`, and what is missing below is a list of holes.
 */
export class StreamBook {
  readonly id: number;
  #next: number;
  #partialSamples = 0; // of window `next`, where it came in part
  #holes: OpenHole[] = [];
  #joinsFrom: number; // no window from it on is written
  #lost: LostWindows | undefined;

  constructor(id: number, next = 0) {
    this.id = id;
    this.#next = next;
    this.#joinsFrom = next;
  }

  /** Every window before it has come, is in a hole, or will never come. */
  get next(): number {
    return this.#next;
  }

  /** Where who has the samples should send from: the first hole, or the end. */
  get safe(): number {
    return this.#holes[0]?.from ?? this.#next;
  }

  /** Samples of the window that begins at `safe`, where that came in part, and is no hole; else 0. */
  get partialSamples(): number {
    return this.#holes.length === 0 ? this.#partialSamples : 0;
  }

  holes(): Hole[] {
    return this.#holes.map(({ from, to }) => ({ stream: this.id, from, to }));
  }

  /** Whether somebody should be told of a hole; true once for each. */
  askForHoles(): boolean {
    const isNew = this.#holes.some(({ isAsked }) => !isAsked);
    for (const hole of this.#holes) hole.isAsked = true;
    return isNew;
  }

  /** The device sends in order from a window on, or from as early after it as it can: what is missing before it is still to be asked for. */
  setDue(fromWindow: number): void {
    for (const hole of this.#holes) if (hole.from >= fromWindow) hole.isDue = true;
  }

  /** Whether the window is one to keep; false where it is there already. */
  take(window: Pick<ArrivedWindow, 'index' | 'flags' | 'count' | 'nonfinite'>): boolean {
    const { index, flags } = window;
    const isPartial = (flags & WindowFlag.Partial) !== 0;
    this.#passOver(index);
    if (index < this.#next) return !isPartial && this.#fill(index);

    const samples = samplesOf(window);
    if (index === this.#next && samples <= this.#partialSamples) return false;
    this.#next = isPartial ? index : index + 1;
    this.#partialSamples = isPartial ? samples : 0;
    return true;
  }

  /** All windows that were taken, and not given up, are being written. */
  setWritten(): void {
    this.#joinsFrom = this.#next;
  }

  /** Takes in what a segment has: a window that came in part. */
  setPartial({ window, ...part }: WindowPart): void {
    if (window === this.#next) this.#partialSamples = samplesOf(part);
  }

  /** A window that was taken will not be kept. */
  giveUp({ window, flags }: Pick<HistoryRow, 'window' | 'flags'>): void {
    if ((flags & WindowFlag.Partial) !== 0) {
      if (window === this.#next) this.#partialSamples = 0; // it will come whole, or again in part
      return;
    }
    this.addHole(window, window + 1);
  }

  addHole(from: number, to: number): void {
    if (this.#join(from, to)) return;
    this.#holes.push({ from, to, isDue: false, isAsked: false });
    this.#holes.sort((a, b) => a.from - b.from);
    if (this.#holes.length > HOLE_LIMIT) this.#lose(this.#holes.splice(0, 1));
  }

  /** Nobody will send again what was given up. */
  loseHoles(): void {
    this.#lose(this.#holes.splice(0));
  }

  /** Takes out what was lost since it was last asked. */
  takeLost(): LostWindows | undefined {
    const lost = this.#lost;
    this.#lost = undefined;
    return lost;
  }

  // One hole for one fault, also where its device left windows out: between the two nothing is written.
  #join(from: number, to: number): boolean {
    const last = this.#holes.at(-1);
    if (last === undefined || last.isAsked || last.isDue || last.to > from) return false;
    if (last.to !== from && last.to < this.#joinsFrom) return false;
    last.to = to;
    return true;
  }

  #lose(holes: readonly OpenHole[]): void {
    for (const { from, to } of holes) {
      const before = this.#lost ?? { from, to, windows: 0 };
      this.#lost = {
        from: Math.min(before.from, from),
        to: Math.max(before.to, to),
        windows: before.windows + to - from,
      };
    }
  }

  #passOver(index: number): void {
    if (this.#holes.length === 0) return;
    const left = this.#holes.filter(({ isDue, to }) => !isDue || to > index);
    this.#holes = left;
    for (const hole of left) if (hole.isDue && hole.from < index) hole.from = index;
  }

  #fill(index: number): boolean {
    const at = this.#holes.findIndex(({ from, to }) => from <= index && index < to);
    if (at < 0) return false;
    const hole = this.#holes[at];
    const parts = [
      { ...hole, to: index },
      { ...hole, from: index + 1 },
    ].filter(({ from, to }) => from < to);
    this.#holes.splice(at, 1, ...parts);
    this.#joinsFrom = this.#next; // windows wait out of their order
    return true;
  }
}
