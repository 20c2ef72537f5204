import { KEPT_MS } from '../store/row-room.ts';

/** The lengths of time a trend can show, ms, shortest first. */
export const WINDOWS_MS: readonly number[] = [5_000, 10_000, 30_000, 60_000, 300_000, KEPT_MS];

/** What is shown where nothing else was chosen. */
export const DEFAULT_WINDOW_MS = 60_000;
