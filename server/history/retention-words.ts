import { type RetentionSettings, type TierBytes, tierLimits } from './tier-limits.ts';

/** What the limits of each tier mean for a channel of 5 ms windows, from what rows have taken so far: a sentence each. */
export function retentionWords(settings: RetentionSettings, sealed: readonly TierBytes[]): string[] {
  return tierLimits(settings, sealed).map(({ rowMs, keepDays, keepBytes, pinnedBytes, dayBytes, isMeasured }, tier) => {
    const pinned = pinnedBytes === 0 ? '' : `, and ${toBytes(pinnedBytes)} that captures refer to`;
    const limit = `${keepDays} days or ${toBytes(keepBytes)}${pinned}`;
    const all = toBytes(dayBytes * keepDays);
    const day = `${isMeasured ? '' : 'about '}${toBytes(dayBytes)}`;
    return `tier ${tier}, rows of ${toTime(rowMs)}: ${limit}; ${day} a day, ${all} in all, a channel`;
  });
}

/** Of which tiers captures keep more than the limit, which leaves no room on a disk that was planned for it: a sentence each. */
export function pinnedWords(settings: RetentionSettings, sealed: readonly TierBytes[]): string[] {
  return tierLimits(settings, sealed).flatMap(({ keepBytes, pinnedBytes }, tier) =>
    pinnedBytes > keepBytes
      ? [`tier ${tier}: captures refer to ${toBytes(pinnedBytes)}, beside the limit of ${toBytes(keepBytes)}`]
      : [],
  );
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
