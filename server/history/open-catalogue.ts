import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { Catalogue, cataloguePath } from './catalogue.ts';
import { firstLine, isDamage } from './damage.ts';
import type { Database } from './database.ts';
import { insertLoss, type Loss } from './losses.ts';
import type { Quarantine } from './quarantine.ts';
import { reconcile } from './reconcile.ts';
import { prepareSegments } from './repair.ts';
import { wholeLogBytes } from './write-ahead-log.ts';

export interface OpenOptions {
  readonly folder: string;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Opens the catalogue and makes it agree with the segments on the disk. One
 * that is damaged goes to quarantine; that one, or one that is gone, is made
 * again from the segments and sealed files, which takes as long as reading
 * them all.
 */
export async function openCatalogue(database: Database, options: OpenOptions): Promise<Catalogue> {
  const { folder, quarantine, clock, log } = options;
  const path = cataloguePath(folder);
  let loss = await findLoss(path, folder, clock);
  if (loss !== undefined) await quarantine.move([path, `${path}.wal`], loss);
  let catalogue: Catalogue;
  try {
    catalogue = await openWhole(database, folder);
  } catch (error) {
    if (error instanceof AppError || !isDamage(error)) throw error;
    loss = { atMs: clock.nowMs(), what: basename(path), why: firstLine(error) };
    await database.forget('catalogue');
    await quarantine.move([path, `${path}.wal`], loss);
    catalogue = await openWhole(database, folder);
  }
  const known = loss;
  if (known !== undefined) await catalogue.change((connection) => insertLoss(connection, known));

  await prepareSegments({ ...options, catalogue });
  if (known !== undefined) {
    log.error(known, `the catalogue is made again from the files: ${known.why}`);
    const { adopted, damaged } = await reconcile(database, catalogue, options);
    log.warn({ files: adopted, damaged }, `the catalogue is made again: ${adopted} sealed files, ${damaged} damaged`);
  }
  return catalogue;
}

async function openWhole(database: Database, folder: string): Promise<Catalogue> {
  const catalogue = await Catalogue.open(database, folder);
  await catalogue.readAll();
  return catalogue;
}

// What DuckDB would take for a new catalogue, or for an older one, without a word.
async function findLoss(path: string, folder: string, clock: Clock): Promise<Loss | undefined> {
  const loss = (why: string): Loss => ({ atMs: clock.nowMs(), what: basename(path), why });
  const log = `${path}.wal`;
  if (!existsSync(path)) {
    const others = readdirSync(folder).filter(
      (name) => name === 'sealed' || name.startsWith('segment-') || name === basename(log),
    );
    return others.length > 0 ? loss('the file is missing') : undefined;
  }
  if (existsSync(log) && (await wholeLogBytes(log)) === 0) return loss('its log has no header');
  return undefined;
}
