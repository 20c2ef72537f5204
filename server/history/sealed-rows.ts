import type { DuckDBConnection } from '@duckdb/node-api';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { joined, type TimeRange, uncovered } from './coverage.ts';
import type { FileOpener } from './file-opener.ts';
import { firstWindow } from './gather.ts';
import type { SealedFile } from './sealed-file.ts';
import { TierRows } from './tier-rows.ts';
import { type Scan, scanSealed } from './tier-scan.ts';

/**
 * Adds the sealed rows of a range to `rows`. Where retention, or damage, has
 * left no files of the tier but such of a coarser one, that one's rows stand in.
 * `files` are also those beyond the ends of the range by a row of the coarsest tier.
 */
export async function readSealed(
  connection: DuckDBConnection,
  files: readonly SealedFile[],
  { scan, opener }: { readonly scan: Scan; readonly opener: FileOpener },
  rows: TierRows,
): Promise<void> {
  let covered: readonly TimeRange[] = [];
  for (let tier = scan.tier; tier < TIERS; tier++) {
    const rowNs = BigInt(Math.ceil(scan.streams.longestNs * TIER_FACTOR ** tier));
    const own = files.filter((file) => file.tier === tier && file.fromNs < scan.toNs && file.toNs > scan.fromNs);
    const ranges = joined(own.map((file) => clipped(file, scan)));
    // Rows of a coarser tier begin and end beyond those of a finer one, by less than a row.
    const missing = tier === scan.tier ? ranges : widened(uncovered(ranges, covered, rowNs), rowNs);
    if (missing.length > 0) {
      const wanted = own.filter((file) => missing.some((range) => overlap(range, file)));
      const paths = await opener.open(wanted);
      if (tier === scan.tier) await scanSealed(connection, paths, scan, rows);
      else await standIn(connection, paths, { ...scan, tier, fromNs: scan.fromNs - rowNs }, missing, rows);
      if (rows.isFull) return;
    }
    covered = joined([...covered, ...files.filter((file) => file.tier === tier)]);
  }
}

// Adds the rows of a coarser tier that say more than what is there of finer ones in their place, which they replace.
async function standIn(
  connection: DuckDBConnection,
  paths: readonly string[],
  scan: Scan,
  missing: readonly TimeRange[],
  rows: TierRows,
): Promise<void> {
  const coarse = new TierRows(scan.limit ?? Number.POSITIVE_INFINITY);
  await scanSealed(connection, paths, scan, coarse);
  if (coarse.isFull) rows.isFull = true;

  const keyOf = (from: TierRows, at: number) =>
    `${from.stream[at]} ${Math.floor(firstWindow(from, at) / TIER_FACTOR ** scan.tier)}`;
  const windows = (from: TierRows) => {
    const sums = new Map<string, number>();
    for (let at = 0; at < from.length; at++) {
      const key = keyOf(from, at);
      sums.set(key, (sums.get(key) ?? 0) + from.windows[at]);
    }
    return sums;
  };
  const [fineWindows, coarseWindows] = [windows(rows), windows(coarse)];
  const replaced = new Set<string>();
  for (let at = 0; at < coarse.length; at++) {
    const key = keyOf(coarse, at);
    const lengthNs = BigInt(Math.round(scan.streams.longestNs * TIER_FACTOR ** scan.tier));
    const own = { fromNs: coarse.timeNs[at], toNs: coarse.timeNs[at] + lengthNs };
    if (!missing.some((range) => overlap(range, own))) continue;
    if ((fineWindows.get(key) ?? 0) < coarseWindows.get(key)!) replaced.add(key);
  }
  rows.keep((at) => !replaced.has(keyOf(rows, at)));
  rows.addFrom(coarse, (at) => replaced.has(keyOf(coarse, at)));
}

function overlap(a: TimeRange, b: TimeRange): boolean {
  return a.fromNs < b.toNs && b.fromNs < a.toNs;
}

// By a row: the one in which the finer tier begins or ends is there in part only, in files of both sides.
function widened(ranges: readonly TimeRange[], byNs: bigint): TimeRange[] {
  return joined(ranges.map(({ fromNs, toNs }) => ({ fromNs: fromNs - byNs, toNs: toNs + byNs })));
}

function clipped(range: TimeRange, to: TimeRange): TimeRange {
  return {
    fromNs: range.fromNs > to.fromNs ? range.fromNs : to.fromNs,
    toNs: range.toNs < to.toNs ? range.toNs : to.toNs,
  };
}
