import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import type { RetentionSettings } from './retention.ts';

/** Length of a window that the words are about, ms: that of most channels. */
const WINDOW_MS = 5;
const DAY_MS = 86_400_000;
/** Of a sealed row before any has been measured. */
const ROW_BYTES = 25;

export interface TierBytes {
  readonly tier: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What the limits of each tier mean for a channel of 5 ms windows, from what rows have taken so far: a sentence each. */
export function retentionWords(settings: RetentionSettings, sealed: readonly TierBytes[]): string[] {
  return Array.from({ length: TIERS }, (_, tier) => {
    const rowMs = WINDOW_MS * TIER_FACTOR ** tier;
    const found = sealed.find((one) => one.tier === tier);
    const rowBytes = found === undefined || found.rows === 0 ? ROW_BYTES : found.bytes / found.rows;
    const dayBytes = (DAY_MS / rowMs) * rowBytes;
    const days = settings.keep_days[tier]!;
    const limit = `${days} days or ${toBytes(settings.keep_bytes[tier]!)}`;
    const measured = found === undefined ? 'about ' : '';
    const all = toBytes(dayBytes * days);
    return `tier ${tier}, rows of ${toTime(rowMs)}: ${limit}; ${measured}${toBytes(dayBytes)} a day, ${all} in all, a channel`;
  });
}

function toTime(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 600_000) return `${ms / 1000} s`;
  if (ms < 36_000_000) return `${round(ms / 60_000)} min`;
  return `${round(ms / 3_600_000)} h`;
}

function toBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${round(bytes / 1000 ** power)} ${units[power]}`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
