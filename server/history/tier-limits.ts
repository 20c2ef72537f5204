import type { HistorySettings } from '../config.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';

export type RetentionSettings = Pick<
  HistorySettings,
  'keep_days' | 'keep_bytes' | 'diagnoses_keep_days' | 'diagnoses_keep_bytes'
>;

/** Length of a window that the figures are about, ms: that of most channels. */
const WINDOW_MS = 5;
const DAY_MS = 86_400_000;
/** Of a sealed row before any has been measured. */
const ROW_BYTES = 25;

/** What the sealed files of a tier hold. */
export interface TierBytes {
  readonly tier: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of those that a capture refers to. */
  readonly pinnedBytes: number;
}

/** How long a tier is kept, and what that comes to for a channel of 5 ms windows. */
export interface TierLimits {
  readonly rowMs: number;
  readonly keepDays: number;
  /** Of what no capture refers to. */
  readonly keepBytes: number;
  /** Of its sealed files, of all channels. */
  readonly sealedBytes: number;
  /** Of those that a capture refers to, beside `keepBytes`. */
  readonly pinnedBytes: number;
  /** Of one channel. */
  readonly dayBytes: number;
  /** Whether that is what rows have taken so far; else it is what they mostly take. */
  readonly isMeasured: boolean;
}

/** The limits of each tier, the finest first. */
export function tierLimits(settings: RetentionSettings, sealed: readonly TierBytes[]): TierLimits[] {
  return Array.from({ length: TIERS }, (_, tier) => {
    const { rows, bytes, pinnedBytes } = sealed.find((one) => one.tier === tier) ?? {
      rows: 0,
      bytes: 0,
      pinnedBytes: 0,
    };
    const rowMs = WINDOW_MS * TIER_FACTOR ** tier;
    return {
      rowMs,
      keepDays: settings.keep_days[tier]!,
      keepBytes: settings.keep_bytes[tier]!,
      sealedBytes: bytes,
      pinnedBytes,
      dayBytes: (DAY_MS / rowMs) * (rows === 0 ? ROW_BYTES : bytes / rows),
      isMeasured: rows > 0,
    };
  });
}
