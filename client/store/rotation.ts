import type { Slide } from '../../server/wire/boards.ts';

/** A slide's turn. */
export interface Turn {
  readonly index: number;
  /** How many times all slides have been around. */
  readonly round: number;
  /** Server clock, ms since 1970 UTC. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** A page of a slide that has more than fits is shown for so long, where the slide stays that long. */
const PAGE_MS = 10_000;

/**
 * Whose turn it is: it follows from the server's clock and the slides alone, so
 * that all walls of a board agree, whenever each was opened.
 */
export function turnAt(slides: readonly Pick<Slide, 'dwellSeconds'>[], nowMs: number): Turn {
  const dwellsMs = slides.map(({ dwellSeconds }) => Math.round(dwellSeconds * 1000));
  const roundMs = dwellsMs.reduce((sum, ms) => sum + ms, 0);
  const round = Math.floor(nowMs / roundMs);
  let sinceMs = round * roundMs;
  let index = 0;
  while (index < dwellsMs.length - 1 && nowMs >= sinceMs + dwellsMs[index]) {
    sinceMs += dwellsMs[index];
    index++;
  }
  return { index, round, sinceMs, untilMs: sinceMs + dwellsMs[index] };
}

/** Which page of its slide is shown, counted on from round to round: of how many there are, the rest of a division. */
export function pageAt(turn: Turn, nowMs: number): number {
  const { pages, pageMs } = pagesOf(turn);
  const page = Math.floor((nowMs - turn.sinceMs) / pageMs);
  return turn.round * pages + Math.min(pages - 1, Math.max(0, page));
}

/** When something else is shown. */
export function nextChangeMs(turn: Turn, nowMs: number): number {
  const { pageMs } = pagesOf(turn);
  const { sinceMs, untilMs } = turn;
  return Math.min(untilMs, sinceMs + (Math.floor((nowMs - sinceMs) / pageMs) + 1) * pageMs);
}

/** How many pages a slide shows in one turn, and for how long each: whole ms, so that they end when they say. */
function pagesOf({ sinceMs, untilMs }: Turn): { readonly pages: number; readonly pageMs: number } {
  const pages = Math.max(1, Math.floor((untilMs - sinceMs) / PAGE_MS));
  return { pages, pageMs: Math.ceil((untilMs - sinceMs) / pages) };
}

/**
 * What there is room for: the urgent first and always, the others in turns. Where
 * the urgent alone are too many they take turns, and nothing else is shown.
 */
export function takeTurns<T>(
  { urgent, calm }: { readonly urgent: readonly T[]; readonly calm: readonly T[] },
  capacity: number,
  page: number,
): { readonly shown: readonly T[]; readonly page: number; readonly pages: number } {
  if (urgent.length + calm.length <= capacity) return { shown: [...urgent, ...calm], page: 0, pages: 1 };
  const fixed = urgent.length < capacity ? urgent : [];
  const others = urgent.length < capacity ? calm : urgent;
  const room = capacity - fixed.length;
  const pages = Math.ceil(others.length / room);
  const at = page % pages;
  // The last page is filled up with the first ones, so that all have the same places.
  const count = Math.min(room, others.length);
  const turn = Array.from({ length: count }, (_, i) => others[(at * room + i) % others.length]);
  return { shown: [...fixed, ...turn], page: at, pages };
}
