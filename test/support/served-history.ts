import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { Config } from '../../server/config.ts';
import type { Catalogue } from '../../server/history/catalogue.ts';
import { Database } from '../../server/history/database.ts';
import { FileChecks } from '../../server/history/file-checks.ts';
import { Housekeeper } from '../../server/history/housekeeper.ts';
import { type Loss, listLosses } from '../../server/history/losses.ts';
import { openCatalogue } from '../../server/history/open-catalogue.ts';
import { Quarantine } from '../../server/history/quarantine.ts';
import { openSegment } from '../../server/history/repair.ts';
import { listFiles } from '../../server/history/sealed-list.ts';
import { silentLog } from './silent-log.ts';
import { type TestStream, tierRows } from './stored-history.ts';

/** What is served of a history: each row by its key, and what is on record as lost. */
export interface Served {
  readonly served: ReadonlyMap<string, string>;
  /** Channel and first window of each diagnosis, in order; and how many the sums of them tell of. */
  readonly diagnoses: readonly string[];
  readonly summed: number;
  readonly losses: readonly Loss[];
  readonly totals: Awaited<ReturnType<Catalogue['totals']>>;
  /** Sealed files that lie there and are not listed. */
  readonly stray: readonly string[];
}

/** What a stream is served as where nothing is lost. */
export function entriesOf({ info, rows }: TestStream): [string, string][] {
  return Array.from({ length: 8 }, (_, tier) =>
    tierRows(rows, tier).map((row): [string, string] => [
      `${info.channel}/${tier}/${row.window}/${row.timeNs}`,
      [row.min, row.max, row.mean, row.m2, row.count, row.windows].join(),
    ]),
  ).flat();
}

/** Everything that a server started on the folder would serve. */
export async function serveHistory(folder: string): Promise<Served> {
  const log = silentLog();
  const clock = systemClock;
  const database = await Database.open({ memoryBytes: 256 << 20, temporaryDirectory: join(folder, 'temporary') });
  try {
    const quarantine = await Quarantine.open({ folder, log });
    const tools = { folder, quarantine, clock, log };
    const catalogue = await openCatalogue(database, tools);
    for (const { id } of await catalogue.segments()) await openSegment(database, { ...tools, catalogue }, id);
    const keeper = new Housekeeper({
      ...tools,
      database,
      catalogue,
      settings: Config.parse({}).history,
      openSegment: () => 1e6,
      arePinsKnown: () => true,
      hasStream: () => false,
      onSealed: () => undefined,
    });
    await keeper.round(); // reads every row of every segment
    expect(keeper.status().problem).toBe(undefined);
    const checks = new FileChecks({ ...tools, catalogue });
    const served = new Map<string, string>();
    for (const file of await database.use((connection) => listFiles(connection))) {
      if (!(await checks.verify(file))) continue;
      const rows = await database.use(async (connection) =>
        (
          await connection.runAndReadAll(`SELECT "window", epoch_ns(time), min, max, mean, m2, count, windows
          FROM read_parquet('${join(folder, 'sealed', file.path)}', hive_partitioning = false)`)
        ).getRows(),
      );
      for (const [window, time, ...figures] of rows) {
        const key = `${file.channel}/${file.tier}/${window}/${time}`;
        expect(served.has(key), `${key} twice`).toBe(false);
        served.set(key, figures.join());
      }
    }
    const found = await database.use((connection) => listFiles(connection, 'true', 'diagnosis_files'));
    const diagnoses: string[] = [];
    let summed = 0;
    for (const file of found) {
      if (!(await checks.verify(file))) continue;
      const columns = file.tier === 0 ? `channel || '/' || "window"` : 'sum("count")';
      const rows = await database.use(async (connection) =>
        (
          await connection.runAndReadAll(`SELECT ${columns}
          FROM read_parquet('${join(folder, 'sealed', file.path)}', hive_partitioning = false)`)
        ).getRows(),
      );
      if (file.tier === 0) diagnoses.push(...rows.map(([key]) => String(key)));
      else summed += Number(rows[0]![0]);
    }
    const losses = await database.use((connection) => listLosses(connection));
    const files = await database.use((connection) => listFiles(connection));
    const listed = new Set([...files, ...found].map(({ path }) => path));
    const sealed = readdirSync(join(folder, 'sealed'), { recursive: true, encoding: 'utf8' });
    const stray = sealed.filter((name) => name.includes('.parquet') && !listed.has(name));
    return { served, diagnoses: diagnoses.sort(), summed, losses, totals: await catalogue.totals(), stray };
  } finally {
    await database.close();
  }
}
