import type { RetentionSettings } from '../../server/history/tier-limits.ts';
import { DIAGNOSIS_TIERS, TIERS } from '../../server/trend/tier.ts';

/** Limits that are the same for everything that is kept. */
export function keptFor(days: number, bytes: number): RetentionSettings {
  return {
    keep_days: Array(TIERS).fill(days),
    keep_bytes: Array(TIERS).fill(bytes),
    diagnoses_keep_days: Array(DIAGNOSIS_TIERS).fill(days),
    diagnoses_keep_bytes: Array(DIAGNOSIS_TIERS).fill(bytes),
  };
}
