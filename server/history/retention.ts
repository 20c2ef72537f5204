import { join } from 'node:path';
import type { HistorySettings } from '../config.ts';
import type { Catalogue, Pin } from './catalogue.ts';
import type { Database } from './database.ts';
import type { FileUses } from './file-uses.ts';
import { SEALED, type SealedFile } from './sealed-file.ts';
import { deleteFiles, listFiles } from './sealed-list.ts';

export type RetentionSettings = Pick<HistorySettings, 'keep_days' | 'keep_bytes'>;

export interface RetentionOptions {
  readonly folder: string;
  readonly settings: RetentionSettings;
  readonly uses: FileUses;
  readonly nowMs: number;
}

/** Removes the sealed files that are too old or too many; tells which they were. */
export async function applyRetention(
  database: Database,
  catalogue: Catalogue,
  { folder, settings, uses, nowMs }: RetentionOptions,
): Promise<readonly SealedFile[]> {
  const files = await database.use((connection) => listFiles(connection));
  const pins = await catalogue.pins();
  const expired = expiredFiles(files, pins, settings, nowMs);
  if (expired.length === 0) return expired;
  const paths = expired.map(({ path }) => path);
  await catalogue.change((connection) => deleteFiles(connection, paths));
  await uses.remove(paths.map((path) => join(folder, SEALED, path)));
  return expired;
}

/**
 * The files to remove: of each tier those that ended too long ago, and the
 * oldest of those beyond its bytes. Never one that a pin overlaps, so pinned
 * files can take more than a tier may.
 */
export function expiredFiles(
  files: readonly SealedFile[],
  pins: readonly Pin[],
  settings: RetentionSettings,
  nowMs: number,
): SealedFile[] {
  const expired: SealedFile[] = [];
  for (const [tier, keepBytes] of settings.keep_bytes.entries()) {
    const beforeNs = BigInt(Math.floor(nowMs - settings.keep_days[tier]! * 86_400_000)) * 1_000_000n;
    const oldestFirst = files.filter((file) => file.tier === tier).sort((a, b) => (a.toNs < b.toNs ? -1 : 1));
    let bytes = oldestFirst.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of oldestFirst) {
      if (bytes <= keepBytes && file.toNs >= beforeNs) break;
      if (pins.some((pin) => overlaps(pin, file))) continue;
      expired.push(file);
      bytes -= file.bytes;
    }
  }
  return expired;
}

function overlaps(pin: Pin, file: SealedFile): boolean {
  return pin.channel === file.channel && pin.fromNs < file.toNs && pin.toNs > file.fromNs;
}
