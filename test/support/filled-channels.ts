import type { DuckDBConnection } from '@duckdb/node-api';
import { removeSegment } from '../../server/history/repair.ts';
import { sealSegment } from '../../server/history/seal.ts';
import { ROW_COLUMNS, Segment, type SegmentStream, segmentName } from '../../server/history/segment.ts';
import { TIER_FACTOR, TIERS } from '../../server/trend/tier.ts';
import { StoredHistory, testInfo } from './stored-history.ts';
import { tidy } from './tidy.ts';

export interface ChannelsToFill {
  readonly channels: number;
  /** Hours that are sealed, and the windows of a channel in each. */
  readonly hours: number;
  readonly windowsAnHour: number;
  /** Windows of a channel that follow and are not sealed. */
  readonly openWindows: number;
}

export interface FilledChannels {
  readonly names: readonly string[];
  /** Of each channel. */
  readonly samples: number;
  readonly fromMs: number;
}

/** Rows that the database makes of a segment. */
interface Rows {
  readonly channels: number;
  /** Windows of each channel. */
  readonly from: number;
  readonly to: number;
  /** Of window 0. */
  readonly startNs: bigint;
  /** Whether nothing follows, so that what is open in the tiers is in them. */
  readonly isLast: boolean;
}

/** Full rate: windows of 50,000 samples, 200 of them a second. */
export const WINDOW = 50_000;
const WINDOW_MS = 5;
export const WINDOW_NS = WINDOW_MS * 1_000_000;
const HOUR_MS = 3_600_000;

/**
 * Fills a history as a server leaves it that has run for hours: with figures
 * that do not compress, up to now. The database makes the rows, which are too
 * many for objects; sealing and the lists are the server's own.
 */
export async function fillChannels(directory: string, options: ChannelsToFill): Promise<FilledChannels> {
  const { channels, hours, windowsAnHour, openWindows } = options;
  const windows = hours * windowsAnHour + openWindows;
  const nowMs = Date.now();
  const fromMs = nowMs - windows * WINDOW_MS;
  const streams = Array.from({ length: channels }, (_, i) => streamOf(i));
  const stored = await StoredHistory.open(directory);
  const fill = async (id: number, length: number) => {
    const from = (id - 1) * windowsAnHour;
    const isLast = id <= hours;
    await stored.catalogue.addSegment({ id, openedMs: nowMs - (hours + 1 - id) * HOUR_MS });
    const segment = await Segment.open(stored.database, directory, id);
    await segment.write({ streams, tiers: [], isLast });
    const rows = { channels, from, to: from + length, startNs: BigInt(fromMs) * 1_000_000n, isLast };
    await stored.database.transact((connection) => insertRows(connection, segment.name, rows));
  };
  let sealing: Promise<void> = Promise.resolve();
  for (let id = 1; id <= hours + 1; id++) {
    await Promise.all([sealing, fill(id, id <= hours ? windowsAnHour : openWindows)]); // one is sealed while the next is filled
    if (id <= hours) sealing = seal(stored, id);
  }
  await tidy(stored, hours + 1);
  await stored.close();
  return { names: streams.map(({ info }) => info.channel), samples: windows * WINDOW, fromMs };
}

/** The stream of the channel of that number, whose id is one more. */
export function streamOf(index: number): SegmentStream {
  const info = { ...testInfo(`filled.${index}`, `run-${index}`), rateHz: (WINDOW / WINDOW_MS) * 1000, window: WINDOW };
  return { id: index + 1, info };
}

/** Seals a segment and removes its file. */
export async function seal(stored: StoredHistory, id: number): Promise<void> {
  await sealSegment(stored.database, stored.catalogue, { folder: stored.folder, segment: id });
  await stored.database.detach(segmentName(id));
  await removeSegment(stored.folder, id);
}

// Window by window, of all channels, as they come.
async function insertRows(connection: DuckDBConnection, segment: string, rows: Rows): Promise<void> {
  const { channels, from, to, startNs, isLast } = rows;
  await connection.run(`
    INSERT INTO ${segment}.tier_0(${ROW_COLUMNS})
    SELECT 1 + i % ${channels}, place, ${startNs} + place * ${WINDOW_NS},
      middle - random(), middle + random(), middle, random(), ${WINDOW}, 0, 0, 0, 1
    FROM (SELECT i, i // ${channels} AS place, random() AS middle FROM range(${from * channels}, ${to * channels}) AS windows(i))`);
  for (let tier = 1; tier < TIERS; tier++) await insertTier(connection, segment, { tier, isLast });
}

/** Makes a tier of the one below as `TierStack` does, all streams alike: a row is done when it is whole, or when one of the next begins. */
export async function insertTier(
  connection: DuckDBConnection,
  segment: string,
  { tier, isLast }: { tier: number; isLast: boolean },
): Promise<void> {
  const below = `${segment}.tier_${tier - 1}`;
  const spanNs = WINDOW_NS * TIER_FACTOR ** (tier - 1);
  const newest = `(SELECT max("window") // ${TIER_FACTOR} FROM ${below})`;
  await connection.run(`
    INSERT INTO ${segment}.tier_${tier}(${ROW_COLUMNS})
    SELECT stream, "window" // ${TIER_FACTOR} AS place, min(time - ("window" % ${TIER_FACTOR}) * ${spanNs}), min(min), max(max),
      sum("count" * mean) / sum("count") AS merged,
      sum(m2 + "count" * mean * mean) - sum("count") * merged * merged,
      sum("count"), 0, 0, 0, sum(windows)
    FROM ${below} GROUP BY stream, place
    HAVING ${isLast} OR sum(windows) = ${TIER_FACTOR ** tier} OR place < ${newest}
    ORDER BY place, stream`);
}
