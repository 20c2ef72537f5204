import type { PixelColumns } from '../../server/kernels/decimate-kernel.ts';
import type { ChannelPast } from './channel-past.ts';
import type { ChannelStore } from './channel-store.ts';
import { PRESENT_MS } from './channel-time.ts';
import type { PastNeed, PastRows } from './past-rows.ts';
import { PixelMerge } from './pixel-merge.ts';
import type { ColumnRange } from './row-columns.ts';
import { SummaryFold } from './summary-fold.ts';
import type { TrendRows } from './trend-rows.ts';

/** One channel on a page that looks back. */
export interface TimelineParts {
  /** Its live rows; undefined while no device has opened it. */
  readonly live: () => ChannelStore | undefined;
  readonly past: ChannelPast<PastRows>;
  /** What is known of all of the history, coarse: shown until something finer has come. */
  readonly overview?: ChannelPast<PastRows>;
  /** Right end of what is shown, sample clock; undefined while nothing is known. */
  readonly edgeMs: () => number | undefined;
  /** Where the present is, on the same clock. */
  readonly nowMs: () => number | undefined;
  /** Where the clock was set back, up to when there is history after the live rows; undefined where there is none. */
  readonly aheadMs?: () => number | undefined;
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

  /** It is not drawn any more: gives up what is under way. What came stays. */
  close(): void {
    this.#parts.past.close();
    this.#parts.overview?.close();
  }

  /** Column c of the result holds what lies in [fromMs + c * columnMs, … + columnMs). Valid until the next call. */
  decimate(range: ColumnRange): PixelColumns {
    const toMs = range.fromMs + range.columns * range.columnMs;
    const pieces = this.#pieces({ fromMs: range.fromMs, toMs, columnMs: range.columnMs });
    this.#rowMs = Math.max(0, ...pieces.map(({ source }) => source.rowMs));
    this.#merged.clear(range.columns);
    for (const piece of pieces) {
      this.#merged.add(decimate(piece, range));
      // Where live rows end before the history does, another line of time begins.
      if ('rows' in piece.source) this.#merged.breakAfter(Math.floor((piece.toMs - range.fromMs) / range.columnMs));
    }
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
    const { past, overview } = this.#parts;
    const live = this.#parts.live();
    const liveMs = liveFrom(live, range);
    const endMs = this.#liveTo(live);
    if (live && liveMs <= range.fromMs && endMs >= range.toMs) {
      return [{ source: live, fromMs: -Infinity, toMs: Infinity }];
    }
    const nowMs = this.#parts.nowMs() ?? range.toMs;
    const lastMs = Math.max(nowMs, this.#parts.aheadMs?.() ?? -Infinity);
    const fromMs = liveMs <= range.fromMs ? Math.max(range.fromMs, endMs) : range.fromMs;
    const need = { ...range, fromMs, toMs: Math.min(range.toMs, lastMs, endMs < range.toMs ? Infinity : liveMs) };
    const known = { firstMs: this.keptFromMs ?? -Infinity, lastMs, nowMs, heldMs: liveMs };
    // Also where the hub is about to fill it: all of it at once, and soon, before every window of it.
    if (need.toMs > need.fromMs) past.want(need, { ...known, stepped: live?.streams.stepped ?? 0 });
    const answers = [...past.best(need), ...(overview?.best(range) ?? [])];
    return pieces(live, { liveMs, endMs }, answers);
  }

  /** Where live rows end and the history goes on; Infinity while nothing is shown beyond the present. */
  #liveTo(live: ChannelStore | undefined): number {
    const { edgeMs, nowMs, aheadMs } = this.#parts;
    if (!live || aheadMs?.() === undefined) return Infinity;
    const isFollowed = (edgeMs() ?? -Infinity) <= (nowMs() ?? Infinity) + PRESENT_MS;
    return isFollowed && !live.isLate ? Infinity : (live.rows.newestMs ?? Infinity);
  }
}

/** From when on the live rows are all there is to know, as fine as they are to be shown. */
function liveFrom(live: ChannelStore | undefined, { columnMs, fromMs }: PastNeed): number {
  if (!live) return Infinity;
  const { oldestMs = Infinity, dropped } = live.rows;
  const wholeMs = Math.max(live.fineFromMs(columnMs), live.streams.wholeFromMs);
  if (oldestMs <= fromMs && wholeMs <= fromMs) return fromMs;
  return Math.max(oldestMs + (dropped > 0 ? EVICTION_MS : 0), wholeMs);
}

function pieces(
  live: ChannelStore | undefined,
  { liveMs, endMs }: { readonly liveMs: number; readonly endMs: number },
  answers: readonly PastRows[],
): Piece[] {
  const [best] = answers;
  const found: Piece[] = [];
  let open = [{ fromMs: -Infinity, toMs: Infinity }];
  if (live) {
    const { oldestMs = Infinity } = live.rows;
    // What the history does not reach is live, however coarse; what it does is parted where one of its rows ends.
    const reachedMs = best?.endMs ?? -Infinity;
    const isReached = best !== undefined && reachedMs >= oldestMs && best.need.fromMs <= liveMs;
    const joinMs = isReached ? Math.min(best.boundary(liveMs), reachedMs) - SLACK_MS : oldestMs;
    const onMs = Math.max(joinMs, endMs - SLACK_MS);
    found.push({ source: live, fromMs: joinMs, toMs: onMs });
    open = [
      { fromMs: -Infinity, toMs: joinMs },
      { fromMs: onMs, toMs: Infinity },
    ];
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
