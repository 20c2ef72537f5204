/** What of the time is shown: the newest, which goes on, or a part of the past, which stands still. */
export type TimeView =
  | { readonly kind: 'live'; readonly spanMs: number }
  | { readonly kind: 'past'; readonly fromMs: number; readonly toMs: number };

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What an address says of a view. */
export interface AddressedTime {
  readonly span: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Where history begins, the present, and where there is nothing more: later than the present where the clock was set
 * back, else the same. Undefined where that is not known. All by the sample clock.
 */
export interface Extent {
  readonly firstMs: number | undefined;
  readonly nowMs: number | undefined;
  readonly lastMs: number | undefined;
}

const DAY_MS = 86_400_000;
const LEAST_SPAN_MS = 100;
export const MOST_SPAN_MS = 3660 * DAY_MS;
/** The lengths that are offered, ms, shortest first: a minute to a year. */
export const SPANS_MS: readonly number[] = [
  60_000,
  600_000,
  3_600_000,
  8 * 3_600_000,
  DAY_MS,
  7 * DAY_MS,
  30 * DAY_MS,
  365 * DAY_MS,
];
// Nearer to the present than this share of the view, the present is meant.
const SNAP = 0.02;
// This share of the view at least shows what there is.
const LEAST_SEEN = 0.1;

export function spanOf(view: TimeView): number {
  return view.kind === 'live' ? view.spanMs : view.toMs - view.fromMs;
}

export function rangeOf(view: TimeView, nowMs: number): TimeRange {
  return view.kind === 'live' ? { fromMs: nowMs - view.spanMs, toMs: nowMs } : view;
}

/** The view of a range, moved to where there is something: one that ends at the present is live. */
export function viewOf({ fromMs, toMs }: TimeRange, { firstMs, nowMs, lastMs }: Extent, snap = SNAP): TimeView {
  const spanMs = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, toMs - fromMs));
  const endMs = Math.min((fromMs + toMs + spanMs) / 2, lastMs ?? Infinity);
  if (nowMs !== undefined && endMs >= nowMs - snap * spanMs && endMs <= nowMs) return { kind: 'live', spanMs };
  const leastMs = firstMs === undefined ? -Infinity : Math.min(firstMs + LEAST_SEEN * spanMs, lastMs ?? Infinity);
  const shownMs = Math.max(endMs, leastMs);
  return { kind: 'past', fromMs: shownMs - spanMs, toMs: shownMs };
}

/** The view `factor` times as long; what lies at the share `at` of it stays there. */
export function zoomView(view: TimeView, extent: Extent, { at, factor }: { at: number; factor: number }): TimeView {
  const spanMs = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, spanOf(view) * factor));
  const isAtEnd = view.kind === 'live' && at > 1 - SNAP;
  if (extent.nowMs === undefined || isAtEnd) return view.kind === 'live' ? { kind: 'live', spanMs } : view;
  const { fromMs, toMs } = rangeOf(view, extent.nowMs);
  const heldMs = fromMs + at * (toMs - fromMs);
  // Made longer, a view that follows the present goes on following it, whatever lies beyond.
  const lastMs = view.kind === 'live' ? extent.nowMs : extent.lastMs;
  return viewOf({ fromMs: heldMs - at * spanMs, toMs: heldMs + (1 - at) * spanMs }, { ...extent, lastMs });
}

/** The view moved by `byMs`, later where that is positive. */
export function panView(view: TimeView, extent: Extent, byMs: number): TimeView {
  if (extent.nowMs === undefined || byMs === 0) return view;
  const { fromMs, toMs } = rangeOf(view, extent.nowMs);
  const snap = byMs < 0 ? 0 : SNAP; // else small steps would never leave the present
  return viewOf({ fromMs: fromMs + byMs, toMs: toMs + byMs }, extent, snap);
}

/** The same length where history begins. */
export function firstView(view: TimeView, extent: Extent): TimeView {
  const { firstMs } = extent;
  if (firstMs === undefined) return view;
  return viewOf({ fromMs: firstMs, toMs: firstMs + spanOf(view) }, extent);
}

/** The same length about a moment. */
export function viewAt(view: TimeView, extent: Extent, timeMs: number): TimeView {
  const half = spanOf(view) / 2;
  return viewOf({ fromMs: timeMs - half, toMs: timeMs + half }, extent);
}

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', DAY_MS],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Reads the view of an address: `?span=8h`, or `?from=…&to=…` in ms since 1970 or ISO 8601. Undefined where it has none. */
export function readTimeView(query: string): TimeView | undefined {
  const { span, from, to } = Object.fromEntries(new URLSearchParams(query));
  const [fromMs, toMs] = [readMoment(from), readMoment(to)];
  if (fromMs !== undefined && toMs !== undefined && toMs - fromMs >= LEAST_SPAN_MS && toMs - fromMs <= MOST_SPAN_MS) {
    return { kind: 'past', fromMs, toMs };
  }
  const [, count, unit] = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(span ?? '') ?? [];
  const spanMs = Number(count) * (UNITS.find(([name]) => name === unit)?.[1] ?? NaN);
  return spanMs >= LEAST_SPAN_MS && spanMs <= MOST_SPAN_MS ? { kind: 'live', spanMs } : undefined;
}

/** What the address says of a view. */
export function writeTimeView(view: TimeView): AddressedTime {
  if (view.kind === 'past') return { span: undefined, from: writeMoment(view.fromMs), to: writeMoment(view.toMs) };
  const spanMs = Math.round(view.spanMs);
  const [unit, ms] = UNITS.find(([, ms]) => spanMs % ms === 0) ?? ['ms', 1];
  return { span: `${spanMs / ms}${unit}`, from: undefined, to: undefined };
}

/** A moment as an address has it. */
export function writeMoment(timeMs: number): string {
  return new Date(Math.round(timeMs)).toISOString();
}

/** Reads it again; undefined where it has no meaning. */
export function readMoment(text = ''): number | undefined {
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?Z?$/.test(text);
  const timeMs = isIso ? Date.parse(text.includes('T') && !text.endsWith('Z') ? `${text}Z` : text) : readNumber(text);
  return Math.abs(timeMs) < 8e15 ? timeMs : undefined;
}

function readNumber(text: string): number {
  return /^-?\d{1,16}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
}
