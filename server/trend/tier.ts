/** Tiers of history: a row of tier k merges `TIER_FACTOR` ** k windows. */
export const TIERS = 8;
export const TIER_FACTOR = 10;
