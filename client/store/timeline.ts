import type { PixelColumns } from '../../server/kernels/decimate-kernel.ts';
import type { ChannelPast } from './channel-past.ts';
import type { ChannelStore } from './channel-store.ts';
import type { PastNeed, PastRows } from './past-rows.ts';
import { PixelMerge } from './pixel-merge.ts';
import type { ColumnRange } from './row-columns.ts';
import { SummaryFold } from './summary-fold.ts';
import type { TrendRows } from './trend-rows.ts';

/** One channel on a page that looks back. */
export interface TimelineParts {
  /** Its live rows; undefined while no device has opened it. */
  readonly live: () => ChannelStore | undefined;
  readonly past: ChannelPast;
  /** What is known of all of the history, coarse: shown until something finer has come. */
  readonly overview?: ChannelPast;
  /** Right end of what is shown, sample clock; undefined while nothing is known. */
  readonly edgeMs: () => number | undefined;
  /** Where the present is, on the same clock: nothing lies beyond. */
  readonly nowMs: () => number | undefined;
  /** Where its history begins; undefined where that is not known. */
  readonly firstMs?: () => number | undefined;
}

/** Rows of one source, within its part of the time. */
interface Piece {
  readonly source: PastRows | ChannelStore;
  readonly fromMs: number;
  readonly toMs: number;
}

// The oldest live rows are about to make room: the history is asked before they do.
const EVICTION_MS = 30_000;

// Times nearer than this are the same: a number has no more digits for ns since 1970.
const SLACK_MS = 0.05;

/**
 * Live rows and history of one channel as one line: a source for charts, in
 * which every row is of one side only, so that no sample counts twice.
 *
 * Drawing it is what asks the history, for just what is drawn. Meanwhile the
 * best that is known stands in its place, be it coarser or only a part.
 */
export class Timeline {
  readonly #parts: TimelineParts;
  readonly #merged = new PixelMerge();
  #rowMs = 0;

  constructor(parts: TimelineParts) {
    this.#parts = parts;
  }

  get version(): number {
    const { live, past, overview } = this.#parts;
    return (live()?.version ?? 0) + past.version + (overview?.version ?? 0);
  }

  get edgeMs(): number | undefined {
    return this.#parts.edgeMs();
  }

  /** The longest row of what was drawn last. */
  get rowMs(): number {
    return this.#rowMs;
  }

  get isLoading(): boolean {
    const { live, past } = this.#parts;
    return past.value.isLoading || (live()?.isLoading ?? false);
  }

  get keptFromMs(): number | undefined {
    return this.#parts.firstMs?.();
  }

  /** Column c of the result holds what lies in [fromMs + c * columnMs, … + columnMs). Valid until the next call. */
  decimate(range: ColumnRange): PixelColumns {
    const toMs = range.fromMs + range.columns * range.columnMs;
    const pieces = this.#pieces({ fromMs: range.fromMs, toMs, columnMs: range.columnMs });
    this.#rowMs = Math.max(0, ...pieces.map(({ source }) => source.rowMs));
    this.#merged.clear(range.columns);
    for (const piece of pieces) this.#merged.add(decimate(piece, range));
    return this.#merged;
  }

  /** What the samples of a range came to. Where no row starts in it, those of the row that lasts there. */
  read(range: PastNeed): SummaryFold {
    const fold = new SummaryFold();
    const pieces = this.#pieces(range);
    for (const { source, fromMs, toMs } of pieces) {
      rowsOf(source).fold(Math.max(range.fromMs, fromMs), Math.min(range.toMs, toMs), fold);
    }
    if (fold.fromMs !== Infinity) return fold;
    const lasting = pieces.find(({ fromMs, toMs }) => fromMs <= range.fromMs && range.fromMs < toMs);
    const startMs = lasting && rowsOf(lasting.source).startAt(range.fromMs);
    if (lasting && startMs !== undefined) rowsOf(lasting.source).fold(startMs, range.fromMs, fold);
    return fold;
  }

  /** The sources of a range in the order of time, none of which has what another has. */
  #pieces(range: PastNeed): Piece[] {
    const { past, overview, nowMs } = this.#parts;
    const live = this.#parts.live();
    const liveMs = liveFrom(live, range);
    if (live && liveMs <= range.fromMs) return [{ source: live, fromMs: -Infinity, toMs: Infinity }];

    const edgeMs = nowMs() ?? range.toMs;
    const need = { ...range, toMs: Math.min(range.toMs, liveMs, edgeMs) };
    // Also where the hub is about to fill it: all of it at once, and soon, before every window of it.
    if (need.toMs > need.fromMs) past.want(need, edgeMs, this.keptFromMs);
    const answers = [...past.best(need), ...(overview?.best(range) ?? [])];
    return pieces(live, liveMs, answers);
  }
}

/** From when on the live rows are all there is to know, as fine as they are to be shown. */
function liveFrom(live: ChannelStore | undefined, { columnMs, fromMs }: PastNeed): number {
  if (!live) return Infinity;
  const { oldestMs = Infinity, dropped } = live.rows;
  if (oldestMs <= fromMs && live.fineFromMs(columnMs) <= fromMs) return fromMs;
  return Math.max(oldestMs + (dropped > 0 ? EVICTION_MS : 0), live.fineFromMs(columnMs));
}

function pieces(live: ChannelStore | undefined, liveMs: number, answers: readonly PastRows[]): Piece[] {
  const [best] = answers;
  const found: Piece[] = [];
  let open = [{ fromMs: -Infinity, toMs: Infinity }];
  if (live) {
    const { oldestMs = Infinity } = live.rows;
    // What the history does not reach is live, however coarse; what it does is parted where one of its rows ends.
    const reachedMs = best?.endMs ?? -Infinity;
    const isReached = best !== undefined && reachedMs >= oldestMs;
    const joinMs = isReached ? Math.min(best.boundary(liveMs), reachedMs) - SLACK_MS : oldestMs;
    found.push({ source: live, fromMs: joinMs, toMs: Infinity });
    open = [{ fromMs: -Infinity, toMs: joinMs }];
  }
  for (const source of answers) {
    const { need } = source;
    for (const { fromMs, toMs } of open) {
      const piece = { source, fromMs: Math.max(fromMs, need.fromMs), toMs: Math.min(toMs, need.toMs) };
      if (piece.fromMs < piece.toMs) found.push(piece);
    }
    open = open.flatMap(({ fromMs, toMs }) => [
      ...(need.fromMs > fromMs ? [{ fromMs, toMs: Math.min(toMs, need.fromMs) }] : []),
      ...(need.toMs < toMs ? [{ fromMs: Math.max(fromMs, need.toMs), toMs }] : []),
    ]);
  }
  return found;
}

function rowsOf(source: Piece['source']): TrendRows | PastRows {
  return 'rows' in source ? source.rows : source;
}

function decimate({ source, fromMs, toMs }: Piece, range: ColumnRange): PixelColumns {
  return 'rows' in source ? source.rows.decimate(range, fromMs) : source.decimate(range, fromMs, toMs);
}
