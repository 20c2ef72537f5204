// What REST answers about raw recordings. Identifiers and file names are made
// by the server.

/** The longest that a recording may last on either side of its trigger, s. */
export const CAPTURE_SIDE_LIMIT_SECONDS = 3600;

/** What a recording has on either side of its trigger where neither the person nor the channel's settings say, s. */
export const CAPTURE_SIDE_DEFAULT_SECONDS = 0.5;

export const CAPTURE_CAUSES = ['person', 'threshold', 'alarm', 'diagnosis'] as const;
/** `recording` → `ready`, `refused` at once, or `failed` (a full disk, a stop of the server). */
export const CAPTURE_STATES = ['recording', 'ready', 'refused', 'failed'] as const;
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** Why a recording was made; of an alarm or a diagnosis the `text` says which. */
export type CaptureCause =
  | { readonly kind: 'person'; readonly comment: string }
  | { readonly kind: 'threshold'; readonly limit: number; readonly value: number }
  | { readonly kind: 'alarm' | 'diagnosis'; readonly text: string };

export interface CaptureReply {
  /** 1 … 64 of `a-z 0-9 -`. */
  readonly id: string;
  readonly state: CaptureState;
  /** Why it was refused or failed, or what it lacks of what was asked for, in words. */
  readonly note?: string;
  readonly channel: string;
  /** What the channel was called when it was recorded. */
  readonly label: string;
  readonly stream: string;
  readonly unit: string;
  readonly datatype: string;
  readonly rateHz: number;
  readonly scale: number;
  readonly offset: number;
  /** Raw counts at or beyond which a sample is clipped; undefined where there are none. */
  readonly fullScale?: readonly [low: number, high: number];
  /** Trigger: sample of the stream, and ms since 1970 UTC of the sample clock. */
  readonly triggerSample: number;
  readonly triggerMs: number;
  /** What was asked for, samples of the stream, `to` not included. */
  readonly from: number;
  readonly to: number;
  /** What is there: runs of samples without a gap, in order. Empty until it is ready. */
  readonly segments: readonly CaptureSegment[];
  /** Samples that were asked for and had been overtaken in the ring when they were pinned. */
  readonly overtaken: number;
  readonly samples: number;
  readonly bytes: number;
  readonly sha512: string;
  readonly cause: CaptureCause;
  /** Server clock, ms since 1970 UTC. */
  readonly createdMs: number;
  readonly overview: CaptureOverview;
}

/** Samples a cell of the finest level, and cells of each level, finest first; each level is ten times coarser. */
export interface CaptureLevels {
  readonly cell: number;
  readonly levels: readonly number[];
}

/** What lies in the overview: levels of extremes, then levels of figures, which recordings of earlier versions lack. */
export interface CaptureOverview extends CaptureLevels {
  readonly figures?: CaptureLevels;
}

export interface CaptureSegment {
  /** Where it begins in the file, in samples, and in the stream. */
  readonly start: number;
  readonly index: number;
  readonly samples: number;
  readonly timeMs: number;
}

/**
 * `GET /api/captures?search&channel&state&cause&from&to&before&limit`: the
 * newest trigger first, of one trigger what was made last.
 *
 * `search` is looked for in identifier, channel, label and cause, `channel` is
 * a name, or up to eight with commas between, `cause` is a kind. Recordings
 * have time in common with `from` … `to`, ms since 1970 UTC: their segments,
 * or what was asked for while there are none. `before` is `older` of the page
 * before.
 */
export interface CapturesReply {
  readonly captures: readonly CaptureReply[];
  /** What `before` is for the page after this one; not there on the last one. */
  readonly older?: string;
  /** Of all that match. */
  readonly total: number;
  /** Bytes of recordings on the disk, and how many they may be. */
  readonly bytes: number;
  readonly limitBytes: number;
}

/**
 * `POST /api/captures`: either seconds around now, as the settings say where
 * they are left out, or a range of the sample clock that is still in the ring.
 * Answers with a `CaptureReply`, also where it is refused.
 */
export interface CaptureRequest {
  readonly channel: string;
  readonly comment?: string;
  /** What a model said of the range, where that is looked at: the recording goes when room is needed, and takes nothing of what people may have. */
  readonly diagnosis?: string;
  readonly beforeSeconds?: number;
  readonly afterSeconds?: number;
  readonly fromMs?: number;
  readonly toMs?: number;
}

// Files of a recording:
//   GET /api/captures/:id                     CaptureReply
//   GET /api/captures/:id/data                samples as in the SigMF data file; Range requests
//   GET /api/captures/:id/overview            the overview; Range requests
//   GET /api/captures/:id/meta                its SigMF metadata; an annotation with `fenestra:flags` holds bits of
//                                             `RowFlag` that the device said of those samples
//   GET /api/captures/:id/download?as=sigmf | wav | npy

// The overview: the extremes, level by level, the finest first; a cell is 16
// bytes, in raw counts of the device, so that one division of the screen costs
// one cell:
//
//    0       8      16
//   ├───────┼───────┤
//   │ min   │ max   │
//   │ f64   │ f64   │
//
// Cell c of level l holds samples c·cell·10^l … of the file, across segments.
// Of samples that are all NaN or infinite both are NaN.
export const OVERVIEW_CELL_BYTES = 16;

// After them the figures, with cells and levels of their own, likewise; a cell
// is 40 bytes:
//
//    0       8       16      24        32          40
//   ├───────┼───────┼───────┼─────────┼───────────┤
//   │ mean  │ m2    │ count │ clipped │ nonfinite │
//   │ f64   │ f64   │ f64   │ f64     │ f64       │
//
// `m2` is the sum of squared deviations from the mean, `count` the finite
// samples; of none of them mean and m2 are 0.
export const OVERVIEW_FIGURES_BYTES = 40;

/** Bytes of an overview; `extremes` are those before the figures. */
export function overviewBytes({ levels, figures }: CaptureOverview): {
  readonly extremes: number;
  readonly all: number;
} {
  const extremes = cellsOf(levels) * OVERVIEW_CELL_BYTES;
  return { extremes, all: extremes + cellsOf(figures?.levels ?? []) * OVERVIEW_FIGURES_BYTES };
}

function cellsOf(levels: readonly number[]): number {
  return levels.reduce((sum, cells) => sum + cells, 0);
}
