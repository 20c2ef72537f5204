import { samplesNs } from '../trend/sample-time.ts';
import { heldEndNs, heldNs } from '../trend/time-range.ts';
import { type TrendWindow, WindowFlag } from '../trend/trend-window.ts';
import { isModelRate } from '../wire/point-rate.ts';
import type { Alignment, ModelInput, RowFigure } from './manifest.ts';
import type { Run } from './run.ts';

/** What of a model's input decides how runs are cut. */
export type RunInput = Pick<ModelInput, 'rows' | 'length' | 'pointsPerSecond' | 'alignment'>;

/** Whether runs that were cut for one model can be given to the other. */
export function isSameInput(a: { readonly input: RunInput }, b: { readonly input: RunInput }): boolean {
  const cutOf = ({ input: { rows, length, pointsPerSecond, alignment } }: { readonly input: RunInput }) =>
    JSON.stringify([rows, length, pointsPerSecond, alignment]);
  return a === b || cutOf(a) === cutOf(b);
}

/** Flags with which a point is not what the light was; that its time is not calibrated spoils nothing of it. */
export const SPOILING_FLAGS =
  WindowFlag.OverRange | WindowFlag.SampleLoss | WindowFlag.Invalid | WindowFlag.Gap | WindowFlag.Partial;

/** Bits of what is wrong with a point. */
const Spoilt = { Missing: 1, Flagged: 2, Empty: 4 } as const;

/**
 * Cuts the windows of one channel into runs for a model.
 *
 * Windows come in the order of their stream; one that comes again is dropped,
 * but a partial one waits for the next, since it may still come whole. A run is
 * handed out when its last window has come or is known to be missing, in the
 * order of their beginnings. Of what came before the first window it is told
 * of, it knows nothing: a run with `sliding` alignment that began before is
 * not handed out, others are incomplete. A run of which no window came is none.
 *
 * Keeps `length` points, and the beginnings of the runs that are open.
 */
export class RunCutter {
  readonly #input: RunInput;
  readonly #emit: (run: Run) => void;
  readonly #values: Float32Array; // a ring for each row
  readonly #times: BigInt64Array;
  readonly #flags: Uint16Array;
  readonly #spoilt: Uint8Array;
  #stream: TrendWindow | undefined; // its first window, for what all have
  #foreign: number | undefined;
  #partial: TrendWindow | undefined;
  #next = 0; // index of the window that is to come
  #lastSpoilt = -1;
  #arrivedMs = 0;
  readonly #starts: number[] = []; // of open runs, ascending
  #darkPoints = 0;
  #isArmed = false;

  constructor(input: RunInput, emit: (run: Run) => void) {
    this.#input = input;
    this.#emit = emit;
    this.#values = new Float32Array(input.rows.length * input.length);
    this.#times = new BigInt64Array(input.length);
    this.#flags = new Uint16Array(input.length);
    this.#spoilt = new Uint8Array(input.length);
  }

  /** Points a second of the channel where those are not the model's, so that nothing is cut. */
  get foreignPointsPerSecond(): number | undefined {
    return this.#foreign;
  }

  /** Takes the next window of the channel. */
  add(window: TrendWindow): void {
    const partial = this.#partial;
    this.#partial = undefined;
    if (partial !== undefined && !(partial.stream === window.stream && partial.index === window.index)) {
      this.#put(partial);
    }
    if ((window.flags & WindowFlag.Partial) !== 0) this.#partial = window;
    else this.#put(window);
  }

  /** No more windows come: runs that are open are incomplete. */
  end(): void {
    if (this.#partial !== undefined) this.#put(this.#partial);
    this.#partial = undefined;
    this.#finish();
    this.#stream = undefined;
  }

  #put(window: TrendWindow): void {
    if (this.#stream?.stream !== window.stream) {
      this.#finish();
      this.#begin(window);
    }
    if (this.#foreign !== undefined || window.index < this.#next) return;
    this.#arrivedMs = window.arrivedMs;
    if (window.index > this.#next) this.#skip(window.index);
    this.#store(window);
    this.#look(window);
    this.#next++;
    this.#close(this.#next);
  }

  #begin(window: TrendWindow): void {
    const { alignment, length, pointsPerSecond } = this.#input;
    const found = window.rateHz / window.size;
    this.#stream = window;
    this.#foreign = isModelRate(found, pointsPerSecond) ? undefined : found;
    this.#next = window.index;
    this.#lastSpoilt = window.index - 1;
    this.#spoilt.fill(Spoilt.Missing);
    this.#darkPoints = 0;
    this.#isArmed = false;
    if (this.#foreign === undefined && alignment.kind === 'mark' && window.index < length) this.#starts.push(0);
  }

  /** Goes on to window `to`; those before it never came. */
  #skip(to: number): void {
    const { alignment, length } = this.#input;
    this.#close(to);
    for (let index = Math.max(this.#next, to - length + 1); index < to; index++) {
      this.#spoilt[index % length] = Spoilt.Missing;
    }
    if (alignment.kind === 'sliding') {
      const { hop } = alignment;
      const first = Math.max(this.#next, to - length + 1);
      for (let start = Math.ceil(first / hop) * hop; start < to; start += hop) this.#starts.push(start);
    }
    this.#lastSpoilt = to - 1;
    this.#darkPoints = 0;
    this.#next = to;
  }

  #store({ index, timeNs, flags, summary }: TrendWindow): void {
    const { rows, length } = this.#input;
    const slot = index % length;
    let isWhole = summary.count > 0;
    for (let row = 0; row < rows.length; row++) {
      const at = row * length + slot;
      this.#values[at] = summary[rows[row] as RowFigure];
      isWhole &&= Number.isFinite(this.#values[at]);
    }
    const spoiling = flags & SPOILING_FLAGS;
    const spoilt = (spoiling === 0 ? 0 : Spoilt.Flagged) | (isWhole ? 0 : Spoilt.Empty);
    this.#times[slot] = timeNs;
    this.#flags[slot] = spoiling;
    this.#spoilt[slot] = spoilt;
    if (spoilt !== 0) this.#lastSpoilt = index;
  }

  /** Opens the run that window `#next` tells of. */
  #look({ index, summary: { mean } }: TrendWindow): void {
    const { alignment } = this.#input;
    switch (alignment.kind) {
      case 'sliding':
        if (index % alignment.hop === 0) this.#starts.push(index);
        return;
      case 'ignition':
        if (this.#lastSpoilt === index) this.#darkPoints = 0;
        else if (this.#isEdge(mean, alignment) && index - 1 >= alignment.before) {
          this.#starts.push(index - 1 - alignment.before);
        }
        return;
      case 'mark':
        return;
    }
  }

  #isEdge(mean: number, { threshold, hysteresis, rearmPoints }: Extract<Alignment, { kind: 'ignition' }>): boolean {
    this.#darkPoints = mean < threshold - hysteresis ? this.#darkPoints + 1 : 0;
    if (this.#darkPoints >= rearmPoints) this.#isArmed = true;
    if (!this.#isArmed || mean < threshold) return false;
    this.#isArmed = false;
    return true;
  }

  /** Hands out the runs that end before window `to`. */
  #close(to: number): void {
    const { length } = this.#input;
    while (this.#starts.length > 0 && (this.#starts[0] as number) + length <= to) {
      const first = this.#starts.shift() as number;
      if (this.#next === first + length && this.#lastSpoilt < first) this.#cut(first);
      else this.#tell(first, false);
    }
  }

  #finish(): void {
    for (const first of this.#starts.splice(0)) this.#tell(first, true);
  }

  #cut(first: number): void {
    const { rows, length } = this.#input;
    const slot = first % length;
    const values = new Float32Array(rows.length * length);
    for (let row = 0; row < rows.length; row++) {
      const ring = this.#values.subarray(row * length, (row + 1) * length);
      values.set(ring.subarray(slot), row * length);
      values.set(ring.subarray(0, slot), row * length + length - slot);
    }
    this.#emit({ kind: 'complete', ...this.#place(first, first, first + length - 1, first + length), values });
  }

  #tell(first: number, isEnded: boolean): void {
    const { length } = this.#input;
    const end = Math.min(first + length, this.#next); // what follows is not in the ring
    let [missing, flagged, flags, empty] = [isEnded ? 0 : first + length - end, 0, 0, 0];
    let [earliest, latest] = [-1, -1];
    for (let index = first; index < end; index++) {
      const slot = index % length;
      const spoilt = this.#spoilt[slot] as number;
      if ((spoilt & Spoilt.Missing) !== 0) {
        missing++;
        continue;
      }
      if (earliest < 0) earliest = index;
      latest = index;
      if ((spoilt & Spoilt.Empty) !== 0) empty++;
      if ((spoilt & Spoilt.Flagged) === 0) continue;
      flagged++;
      flags |= this.#flags[slot] as number;
    }
    const place = this.#place(first, earliest, latest, isEnded ? latest + 1 : first + length);
    this.#emit({ kind: 'incomplete', ...place, missing, flagged, flags, empty, isEnded });
  }

  /** Of the run from window `first` to before `end`, of which `earliest` and `latest` are the outermost that came. */
  #place(first: number, earliest: number, latest: number, end: number) {
    const { channel, stream, size, rateHz } = this.#stream as TrendWindow;
    const timeOf = (index: number) => this.#times[index % this.#input.length] as bigint;
    return {
      channel,
      stream,
      first,
      timeNs: heldNs(timeOf(earliest) - samplesNs((earliest - first) * size, rateHz)),
      endNs: heldEndNs(timeOf(latest) + samplesNs((end - latest) * size, rateHz)),
      arrivedMs: this.#arrivedMs,
    };
  }
}
