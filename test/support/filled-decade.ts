import { ROW_COLUMNS, Segment } from '../../server/history/segment.ts';
import { TIER_FACTOR, TIERS } from '../../server/trend/tier.ts';
import { insertTier, seal, streamOf, WINDOW, WINDOW_NS } from './filled-channels.ts';
import { StoredHistory } from './stored-history.ts';

export interface FilledDecade {
  readonly names: readonly string[];
  /** Of each channel. */
  readonly windows: number;
  /** As parameters of a request: all of it. */
  readonly range: string;
}

const FROM_MS = Date.UTC(2016, 0);
const TO_MS = Date.UTC(2026, 0);
const SEGMENT = 1;

/**
 * Fills a history with ten years at full rate, as they are kept: without a
 * gap, `tier` and all that are coarser, a file a month of each tier and
 * channel. The database makes the rows; sealing is the server's own.
 */
export async function fillDecade(
  directory: string,
  { channels, tier }: { readonly channels: number; readonly tier: number },
): Promise<FilledDecade> {
  const streams = Array.from({ length: channels }, (_, i) => streamOf(i));
  const rowNs = WINDOW_NS * TIER_FACTOR ** tier;
  const rows = Math.floor(((TO_MS - FROM_MS) * 1e6) / rowNs);
  const windows = TIER_FACTOR ** tier;
  const stored = await StoredHistory.open(directory);
  await stored.catalogue.addSegment({ id: SEGMENT, openedMs: Date.now() });
  const segment = await Segment.open(stored.database, directory, SEGMENT);
  await segment.write({ streams, tiers: [], isLast: true });
  await stored.database.transact(async (connection) => {
    await connection.run(`
      INSERT INTO ${segment.name}.tier_${tier}(${ROW_COLUMNS})
      SELECT 1 + i % ${channels}, place, ${FROM_MS}000000 + place * ${rowNs},
        middle - random(), middle + random(), middle, random(), ${WINDOW * windows}, 0, 0, 0, ${windows}
      FROM (SELECT i, i // ${channels} AS place, random() AS middle FROM range(${rows * channels}) AS rows(i))`);
    for (let above = tier + 1; above < TIERS; above++)
      await insertTier(connection, segment.name, { tier: above, isLast: true });
  });
  await seal(stored, SEGMENT);
  await stored.close();
  const names = streams.map(({ info }) => info.channel);
  return { names, windows: rows * windows, range: `from=${FROM_MS}&to=${TO_MS}` };
}
