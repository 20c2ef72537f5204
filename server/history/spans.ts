import { TIER_FACTOR, TIERS } from '../trend/tier.ts';

const STEPS = [1, 2, 5];

/** How many windows a row of an answer can merge, rising: each tier's own rows, and two and five of them. */
export const SPANS: readonly number[] = Array.from({ length: TIERS }, (_, tier) =>
  STEPS.map((step) => step * TIER_FACTOR ** tier),
).flat();

/** The coarsest tier whose rows make up a row of `span` windows. */
export function tierOf(span: number): number {
  return Math.floor(SPANS.indexOf(span) / STEPS.length);
}

/** The finest span of at least `windows`; the coarsest there is where none is. */
export function spanOf(windows: number): number {
  return SPANS.find((span) => span >= windows) ?? SPANS[SPANS.length - 1];
}
