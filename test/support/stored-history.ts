import { mkdirSync } from 'node:fs';
import { Catalogue } from '../../server/history/catalogue.ts';
import { Database } from '../../server/history/database.ts';
import { Quarantine } from '../../server/history/quarantine.ts';
import { type HistoryRow, RowList } from '../../server/history/row-block.ts';
import { Segment } from '../../server/history/segment.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { StoredDiagnosis } from '../../server/trend/diagnosis-history.ts';
import { mergeSummaries } from '../../server/trend/summary.ts';
import { TIER_FACTOR, TIERS } from '../../server/trend/tier.ts';
import { seededRandom } from './seeded-random.ts';
import { silentLog } from './silent-log.ts';

export const WINDOW_NS = 5_000_000n;

/** A history on the disk whose segments a test writes itself. `close` it. */
export class StoredHistory {
  readonly folder: string;
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly quarantine: Quarantine;

  static async open(folder: string): Promise<StoredHistory> {
    mkdirSync(folder, { recursive: true });
    const database = await Database.open({ memoryBytes: 256 << 20, temporaryDirectory: `${folder}/temporary` });
    const quarantine = await Quarantine.open({ folder, log: silentLog() });
    return new StoredHistory(folder, database, await Catalogue.open(database, folder), quarantine);
  }

  private constructor(folder: string, database: Database, catalogue: Catalogue, quarantine: Quarantine) {
    this.folder = folder;
    this.database = database;
    this.catalogue = catalogue;
    this.quarantine = quarantine;
  }

  /** Writes a whole segment with all its tiers. */
  async segment(
    id: number,
    streams: readonly TestStream[],
    diagnoses: readonly StoredDiagnosis[] = [],
  ): Promise<Segment> {
    await this.catalogue.addSegment({ id, openedMs: id * 3_600_000 });
    const segment = await Segment.open(this.database, this.folder, id);
    await this.write(segment, streams, diagnoses);
    return segment;
  }

  /** Writes a commit with all tiers of what is in it. */
  async write(
    segment: Segment,
    streams: readonly TestStream[],
    diagnoses: readonly StoredDiagnosis[] = [],
  ): Promise<void> {
    const tiers = Array.from({ length: TIERS }, () => new RowList());
    for (const stream of streams) {
      for (const [tier, list] of tiers.entries()) for (const row of tierRows(stream.rows, tier)) list.push(row);
    }
    await segment.write({ streams, tiers, diagnoses, isLast: true });
  }

  async rows(sql: string) {
    return this.database.use(async (connection) => (await connection.runAndReadAll(sql)).getRows());
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

export interface TestStream {
  readonly id: number;
  readonly info: ChannelInfo;
  /** Of tier 0. */
  readonly rows: readonly HistoryRow[];
}

/** A stream of 200 windows a second with figures from a seed: windows `from` … `from + windows` − 1. */
export function testStream(options: {
  id: number;
  channel: string;
  windows: number;
  from?: number;
  startNs: bigint;
  seed?: number;
}): TestStream {
  const { id, channel, windows, from = 0, startNs, seed = id } = options;
  const random = seededRandom(seed * 1_000_003 + from + 1);
  const rows = Array.from({ length: windows }, (_, i): HistoryRow => {
    const mean = random() * 10;
    return {
      stream: id,
      window: from + i,
      timeNs: startNs + BigInt(from + i) * WINDOW_NS,
      min: mean - random(),
      max: mean + random(),
      mean,
      m2: random() * 50,
      count: 1000,
      clipped: Math.floor(random() * 3),
      nonfinite: 0,
      flags: random() < 0.01 ? 1 : 0,
      windows: 1,
    };
  });
  return { id, info: testInfo(channel, `stream-${id}`), rows };
}

export function testInfo(channel: string, stream: string): ChannelInfo {
  return {
    channel,
    stream,
    datatype: 'ri16_le',
    rateHz: 200_000,
    window: 1000,
    unit: 'V',
    scale: 1,
    offset: 0,
    hardware: '',
    description: '',
    recorder: '',
  };
}

/** The slow twin of the tiers: rows of tier 0 merged one after the other. */
export function tierRows(rows: readonly HistoryRow[], tier: number): HistoryRow[] {
  if (tier === 0) return [...rows];
  const span = TIER_FACTOR ** tier;
  const merged: HistoryRow[] = [];
  for (const row of rows) {
    const window = Math.floor(row.window / span);
    const last = merged.at(-1);
    const start = { ...row, window, timeNs: row.timeNs - BigInt(row.window - window * span) * WINDOW_NS };
    if (last === undefined || last.window !== window) merged.push(start);
    else {
      const both = { flags: last.flags | row.flags, windows: last.windows + row.windows };
      merged[merged.length - 1] = { ...last, ...mergeSummaries(last, row), ...both };
    }
  }
  return merged;
}
