// Boards: what a wall shows, slide after slide. Without the schemas, which a browser does not need.

import { ALARM_PRIORITIES, type AlarmReply, isUnacknowledged } from './alarms.ts';

/** Stable name of a board, as in the address of its wall. */
export const BOARD_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** The board of a wall that names none; the server makes it where nobody did. */
export const DEFAULT_BOARD = 'default';

/** Boards that are kept, slides of one, and channels that a slide names. */
export const BOARD_LIMIT = 100;
export const SLIDE_LIMIT = 24;
export const SLIDE_CHANNELS = 64;
/** Of a board's name. */
export const BOARD_NAME_CHARACTERS = 80;

type Range = readonly [least: number, most: number];
/** Seconds that a slide is shown. */
export const DWELLS: Range = [5, 3600];
/** Seconds of a trend. */
export const TREND_WINDOWS: Range = [5, 600];
/** Of a screen, inches, and from the eye to it, metres: from a tablet beside a machine to a wall of screens across a hall. */
export const DIAGONALS: Range = [7, 300];
export const DISTANCES: Range = [0.3, 50];

export const SLIDE_KINDS = ['tiles', 'trends', 'alarms', 'diagnoses'] as const;
export type SlideKind = (typeof SLIDE_KINDS)[number];

interface ChannelSlide<Kind extends SlideKind> {
  readonly kind: Kind;
  /** Names; all there are where it is empty. */
  readonly channels: readonly string[];
  readonly dwellSeconds: number;
}

/** What a wall can show. A further kind joins here, in its schema, and wherever the compiler then asks for it. */
export type Slide =
  | ChannelSlide<'tiles'>
  | (ChannelSlide<'trends'> & { readonly windowSeconds: number })
  | { readonly kind: 'alarms'; readonly dwellSeconds: number }
  | ChannelSlide<'diagnoses'>;

export interface Board {
  /** What people call it. */
  readonly name: string;
  /** How it is looked at: the size of type follows from it. Inches and metres. */
  readonly screen: { readonly diagonal: number; readonly distance: number };
  /** Whether the alarms stay while a critical one is not acknowledged. */
  readonly pausesOnCritical: boolean;
  /** At least one. */
  readonly slides: readonly Slide[];
}

/** A board as it is kept. */
export interface BoardReply {
  readonly id: string;
  /** From 1; 0 of the one that the server made. A board that was removed and made again counts on. */
  readonly version: number;
  readonly board: Board;
  /** Who made this version, and when by the server's clock; left out where it was the server. */
  readonly by?: string | undefined;
  readonly atMs?: number | undefined;
}

/** `GET /api/boards`, by identifier. */
export interface BoardsReply {
  readonly boards: readonly BoardReply[];
}

/** `PUT /api/boards/:id` */
export interface BoardPut {
  /** The version that was edited; 0 for a new one. */
  readonly expectedVersion: number;
  readonly board: Board;
}

/** Whether an alarm keeps walls from going on. */
export function isPausing({ priority, state, hidden }: AlarmReply): boolean {
  return priority === ALARM_PRIORITIES[0] && isUnacknowledged(state) && hidden.length === 0;
}
