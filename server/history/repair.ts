import { existsSync, readdirSync, statSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { sync } from '../base/durable-file.ts';
import type { Logger } from '../base/log.ts';
import type { Catalogue } from './catalogue.ts';
import { firstLine, isDamage } from './damage.ts';
import type { Database } from './database.ts';
import { insertLoss, type Loss } from './losses.ts';
import type { Quarantine } from './quarantine.ts';
import { salvageSegment } from './salvage.ts';
import { SEGMENT_FILE, Segment, segmentName, segmentPath } from './segment.ts';
import { wholeLogBytes } from './write-ahead-log.ts';

export interface RepairOptions {
  readonly folder: string;
  readonly catalogue: Catalogue;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly log: Logger;
}

const SALVAGED = '.salvaged';
/** The headers of a database that has nothing in it. */
const BARE_BYTES = 12_288;

/**
 * Puts a damaged segment, which must not be attached, into quarantine, and
 * what can be read of it in its place. A crash in it is made good by the next
 * `prepareSegments`.
 */
export async function repairSegment(options: RepairOptions, id: number, why: string): Promise<void> {
  const { folder, catalogue, clock, log } = options;
  const path = segmentPath(folder, id);
  const { rows, lostRows, notes } = await salvageSegment(path, path + SALVAGED);
  const loss: Loss = {
    atMs: clock.nowMs(),
    what: basename(path),
    why: `${why}; ${rows} windows could be read${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
    rows: lostRows > 0 || notes.length === 0 ? lostRows : undefined, // what could not be opened has nobody counted
  };
  await catalogue.change((connection) => insertLoss(connection, loss));
  await finishRepair(options, path, loss);
  log.error(loss, `${loss.what} is damaged and in quarantine: ${loss.why}`);
}

/**
 * Makes the segments that the catalogue lists and those on the disk agree,
 * before any of them is opened: finishes repairs, removes the files of sealed
 * segments, lists those that the catalogue has lost.
 */
export async function prepareSegments(options: RepairOptions): Promise<void> {
  const { folder, catalogue, clock, log } = options;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(SALVAGED)) continue;
    const path = join(folder, name.slice(0, -SALVAGED.length));
    await finishRepair(options, path, { atMs: clock.nowMs(), what: basename(path), why: 'its repair was cut off' });
  }
  const listed = new Set((await catalogue.segments()).map(({ id }) => id));
  const found = new Set(
    readdirSync(folder)
      .flatMap((name) => SEGMENT_FILE.exec(name)?.[1] ?? [])
      .map(Number),
  );
  for (const id of found) {
    if (listed.has(id)) continue;
    if (isBare(segmentPath(folder, id)) || (await catalogue.hasSealed(id, folder))) {
      await removeSegment(folder, id);
    } else {
      log.warn({ segment: id }, `segment ${id} was not in the catalogue and is listed again`);
      await catalogue.addSegment({ id, openedMs: clock.nowMs() });
    }
  }
  for (const id of listed) {
    if (found.has(id)) continue;
    await rm(`${segmentPath(folder, id)}.wal`, { force: true }); // would be applied to the next file of that name
    const loss = { atMs: clock.nowMs(), what: basename(segmentPath(folder, id)), why: 'the file is missing' };
    await catalogue.change((connection) => insertLoss(connection, loss));
    log.error(loss, `${loss.what} is missing`);
  }
}

/**
 * Attaches a segment. One that is damaged is repaired first; damage that shows
 * only where its rows are read is the reader's to find.
 */
export async function openSegment(database: Database, options: RepairOptions, id: number): Promise<Segment> {
  const { folder } = options;
  await reportLog(options, id);
  try {
    return await Segment.open(database, folder, id);
  } catch (error) {
    if (!isDamage(error)) throw error;
    await database.forget(segmentName(id));
    await repairSegment(options, id, firstLine(error));
    return Segment.open(database, folder, id);
  }
}

// DuckDB passes over what follows the last whole entry without a word.
async function reportLog({ folder, catalogue, quarantine, clock, log }: RepairOptions, id: number): Promise<void> {
  const path = `${segmentPath(folder, id)}.wal`;
  if (isBare(segmentPath(folder, id))) {
    const why = 'the file is missing, and with it all that was written to its segment';
    const loss = { atMs: clock.nowMs(), what: basename(path), why };
    await catalogue.change((connection) => insertLoss(connection, loss));
    log.error(loss, `${loss.what} is missing`);
    return;
  }
  if (!existsSync(path)) return;
  const { size } = await stat(path);
  const loose = size - (await wholeLogBytes(path));
  if (loose === 0 && size > 0) return;
  const why = `the last ${loose} of its ${size} bytes are no whole entries: a commit that was cut off, or damage`;
  const loss = { atMs: clock.nowMs(), what: basename(path), why };
  await catalogue.change((connection) => insertLoss(connection, loss));
  await quarantine.copy(path, loss);
  log.warn(loss, `the log of segment ${id}: ${why}`);
}

// A segment is listed once it has its tables, which are in its log at first.
function isBare(path: string): boolean {
  return existsSync(path) && !existsSync(`${path}.wal`) && statSync(path).size <= BARE_BYTES;
}

/** Removes the file of a segment that is sealed and detached. */
export async function removeSegment(folder: string, id: number): Promise<void> {
  const path = segmentPath(folder, id);
  await rm(`${path}.wal`, { force: true }); // first: a log must never find another file of its name
  await rm(path, { force: true });
  await sync(folder);
}

async function finishRepair({ folder, quarantine }: RepairOptions, path: string, loss: Loss): Promise<void> {
  await quarantine.move([path, `${path}.wal`], loss);
  await rename(path + SALVAGED, path);
  await sync(folder);
}
