/** Tiers of history: a row of tier k merges `TIER_FACTOR` ** k windows. */
export const TIERS = 8;
export const TIER_FACTOR = 10;
/** Of diagnoses: each of them, and what those of five minutes came to. */
export const DIAGNOSIS_TIERS = 2;
