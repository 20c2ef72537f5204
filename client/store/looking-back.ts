import { aheadOf, firstOf, PRESENT_MS, presentOf } from './channel-time.ts';
import type { DiagnosisTimeline } from './diagnosis-timeline.ts';
import type { FleetStore } from './fleet-store.ts';
import type { HistoryStore } from './history-store.ts';
import { ShownTimelines } from './shown-timelines.ts';
import { Listeners, type Store } from './store.ts';
import type { SummaryFold } from './summary-fold.ts';
import {
  type Extent,
  firstView,
  panView,
  rangeOf,
  spanOf,
  type TimeRange,
  type TimeView,
  viewAt,
  viewOf,
  zoomView,
} from './time-view.ts';
import type { Timeline } from './timeline.ts';

/** Channels that are shown together at most, the page's own among them. */
export const LINE_LIMIT = 8;

export const LAYOUTS = ['overlay', 'stack'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What a page that looks back shows. */
export interface Look {
  readonly view: TimeView;
  /** A moment that is pointed at. */
  readonly cursorMs: number | undefined;
  /** A part of the axis that was chosen by hand. */
  readonly selected?: TimeRange | undefined;
  /** Channels beside the page's own. */
  readonly others: readonly string[];
  readonly layout: Layout;
  /** Of the channels in one plot, the one that lies on top; the first where none was chosen. */
  readonly raised?: string | undefined;
  /** A run that is looked at instead of the trends. */
  readonly run?: LookedRun | undefined;
}

/** The run of a channel that speaks for a moment. */
export interface LookedRun {
  readonly channel: string;
  readonly timeMs: number;
}

// A history that has only just begun is not stretched over the whole strip.
const LEAST_OVERVIEW_MS = 10_000;
const PAN_SHARE = 0.1;
const ZOOM_STEP = 2;

/** One channel's time axis from its first sample to the present, what of it is shown, and what beside it. */
export class LookingBack implements Store<Look> {
  readonly name: string;
  readonly #history: HistoryStore;
  readonly #listeners = new Listeners();
  readonly #lines: ShownTimelines;
  #held: TimeRange | undefined;
  #anchorMs: number | undefined;
  #isMarking = false;
  #value: Look;

  constructor(name: string, options: { fleet: FleetStore; history: HistoryStore; look: Look }) {
    this.name = name;
    this.#history = options.history;
    this.#lines = new ShownTimelines(options);
    this.#value = options.look;
  }

  get value(): Look {
    return this.#value;
  }

  /** All channels shown, the page's own first. */
  get names(): readonly string[] {
    return [this.name, ...this.#value.others];
  }

  /** Of all channels shown; the present is that of the page's own. */
  get extent(): Extent {
    const known = this.names.map((name) => this.#lines.known(name));
    const nowMs = presentOf(known[0]);
    const firstMs = Math.min(...known.map((each) => firstOf(each) ?? each.live?.rows.oldestMs ?? Infinity));
    const lastMs = Math.max(...known.map((each) => aheadOf(each) ?? presentOf(each) ?? -Infinity));
    return {
      firstMs: firstMs === Infinity ? undefined : firstMs,
      nowMs,
      lastMs: nowMs !== undefined && lastMs > nowMs + PRESENT_MS ? lastMs : nowMs,
    };
  }

  /** Of one channel, where its history begins, and its present. */
  timesOf(name: string): Pick<Extent, 'firstMs' | 'nowMs'> {
    const known = this.#lines.known(name);
    return { firstMs: firstOf(known), nowMs: presentOf(known) };
  }

  /** What is shown; undefined while nothing is known. */
  get range(): TimeRange | undefined {
    const { view } = this.#value;
    const nowMs = presentOf(this.#lines.known(this.name));
    return view.kind === 'past' ? view : nowMs === undefined ? undefined : rangeOf(view, nowMs);
  }

  /** What a capture asked for here takes: what is chosen and in sight, else the past that is shown; around now where undefined. */
  get captureRange(): TimeRange | undefined {
    const { range } = this;
    const { selected, view } = this.#value;
    const isSeen = selected && range && selected.fromMs < range.toMs && selected.toMs > range.fromMs;
    return isSeen ? selected : view.kind === 'past' ? view : undefined;
  }

  /** Of the overview, ms. */
  get overviewMs(): number {
    const { firstMs, lastMs } = this.extent;
    return Math.max(LEAST_OVERVIEW_MS, firstMs === undefined || lastMs === undefined ? 0 : lastMs - firstMs);
  }

  /** Counts what has come of the past, of whichever channel. */
  get arrivals(): Store<number> {
    return this.#history.changes;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** One of the channels shown, on this page's axis. */
  line(name: string): Timeline {
    return this.#lines.line(name, () => this.range?.toMs);
  }

  /** Its diagnoses, on the same axis. */
  diagnoses(name: string): DiagnosisTimeline {
    return this.#lines.diagnoses(name);
  }

  /** The channel's whole history. */
  get overview(): Timeline {
    return this.#lines.overview(this.name, () => this.extent.lastMs);
  }

  /** What a channel came to at the cursor, in the pixel column there; without a cursor, in all that is shown. */
  read(name: string, columnMs: number): SummaryFold | undefined {
    const { range } = this;
    if (!range) return undefined;
    const { cursorMs } = this.#value;
    if (cursorMs === undefined) return this.line(name).read({ ...range, columnMs });
    const fromMs = Math.floor(cursorMs / columnMs) * columnMs;
    return this.line(name).read({ fromMs, toMs: fromMs + columnMs, columnMs });
  }

  show(view: TimeView): void {
    this.#set({ view });
  }

  showSpan(spanMs: number): void {
    const { view } = this.#value;
    if (view.kind === 'live') this.show({ kind: 'live', spanMs });
    else this.zoom({ at: 0.5, factor: spanMs / spanOf(view) });
  }

  goLive(): void {
    this.unselect();
    this.show({ kind: 'live', spanMs: spanOf(this.#value.view) });
  }

  goToFirst(): void {
    this.show(firstView(this.#value.view, this.extent));
  }

  /** Shows a moment, or what is nearest to it; returns on which side of all there is it lies, if it does. */
  goTo(timeMs: number): 'before' | 'after' | undefined {
    const { firstMs = -Infinity, lastMs = Infinity } = this.extent;
    const side = timeMs < firstMs ? 'before' : timeMs > lastMs ? 'after' : undefined;
    const view = viewAt(this.#value.view, this.extent, timeMs);
    this.#set({ view, cursorMs: side ? undefined : timeMs });
    return side;
  }

  zoom(by: { readonly at: number; readonly factor: number }): void {
    this.show(zoomView(this.#value.view, this.extent, by));
  }

  /** A step in or out, about the cursor where there is one in view, else about the end that moves or the middle. */
  zoomStep(direction: 'in' | 'out'): void {
    const { view, cursorMs } = this.#value;
    const { range } = this;
    const isSeen = range && cursorMs !== undefined && cursorMs >= range.fromMs && cursorMs <= range.toMs;
    const still = view.kind === 'live' ? 1 : 0.5;
    const at = isSeen ? (cursorMs - range.fromMs) / (range.toMs - range.fromMs) : still;
    this.zoom({ at, factor: direction === 'in' ? 1 / ZOOM_STEP : ZOOM_STEP });
  }

  panStep(direction: 'earlier' | 'later'): void {
    const byMs = spanOf(this.#value.view) * PAN_SHARE;
    this.show(panView(this.#value.view, this.extent, direction === 'later' ? byMs : -byMs));
  }

  /** A hand is laid on the axis: what it then moves is told from here. */
  hold(): void {
    this.#held = this.range;
  }

  /** The hand has moved the axis by so much of its length, and made that `factor` times as long about `at`. */
  move({
    share,
    factor = 1,
    at = 0.5,
  }: {
    readonly share: number;
    readonly factor?: number;
    readonly at?: number;
  }): void {
    if (!this.#held) return;
    const lengthMs = this.#held.toMs - this.#held.fromMs;
    const fromMs = this.#held.fromMs + (at * (1 - factor) - share) * lengthMs;
    // Held back from the present, it does not jump there again.
    this.show(viewOf({ fromMs, toMs: fromMs + factor * lengthMs }, this.extent, share > 0 ? 0 : undefined));
  }

  /** Shows the part of the history that begins at a share of the overview. */
  moveTo(fromMs: number): void {
    this.show(viewOf({ fromMs, toMs: fromMs + spanOf(this.#value.view) }, this.extent));
  }

  point(cursorMs: number | undefined): void {
    if (cursorMs !== this.#value.cursorMs) this.#set({ cursorMs });
  }

  /** From here on something is selected: nothing yet. Nothing points, either, where it is undefined. */
  anchor(timeMs: number | undefined): void {
    this.#anchorMs = timeMs;
    this.unselect();
    this.point(timeMs);
  }

  /** Selects from where `anchor` was to there, and points there. */
  selectTo(timeMs: number): void {
    const anchorMs = this.#anchorMs ?? timeMs;
    const selected = { fromMs: Math.min(anchorMs, timeMs), toMs: Math.max(anchorMs, timeMs) };
    this.#set({ selected: timeMs === anchorMs ? undefined : selected, cursorMs: timeMs });
  }

  /** From here on what points selects. */
  mark(timeMs: number): void {
    this.anchor(timeMs);
    this.#isMarking = true;
  }

  /** Selects up to there, and no further. */
  endMark(timeMs: number): void {
    if (this.#isMarking) this.selectTo(timeMs);
    this.#isMarking = false;
  }

  /** The cursor is moved by hand to there. */
  moveCursor(timeMs: number): void {
    if (this.#isMarking) this.selectTo(timeMs);
    else this.point(timeMs);
  }

  unselect(): void {
    this.#isMarking = false;
    if (this.#value.selected) this.#set({ selected: undefined });
  }

  /** Brings a channel's line before those it shares a plot with. */
  raise(raised: string): void {
    if (raised !== this.#value.raised) this.#set({ raised });
  }

  /** Looks at a run, or at the trends again where it is undefined. */
  openRun(run: LookedRun | undefined): void {
    const { run: before } = this.#value;
    if (run?.channel !== before?.channel || run?.timeMs !== before?.timeMs) this.#set({ run });
  }

  compare(change: Partial<Pick<Look, 'others' | 'layout'>>): void {
    const others = change.others?.filter((name) => name !== this.name).slice(0, LINE_LIMIT - 1);
    this.#set({ ...change, ...(others && { others }) });
    this.#lines.keep(this.names);
  }

  /** It is not shown any more: gives up what is under way of the past. */
  close(): void {
    this.#lines.keep([]);
  }

  #set(change: Partial<Look>): void {
    this.#value = { ...this.#value, ...change };
    this.#listeners.announce();
  }
}
