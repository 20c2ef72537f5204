import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PARTIAL } from '../base/whole-file.ts';
import { captureFiles } from '../capture/capture-files.ts';
import { CAPTURE_ID } from '../wire/names.ts';
import { filesBelow } from './copy-tree.ts';

export interface PlannedFile {
  readonly from: string;
  /** In the backup, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** Files that are in a backup together or not at all. */
export interface PlannedGroup {
  readonly files: readonly PlannedFile[];
  /** Whether they may be removed while the backup is made; then none of them is in it. */
  readonly mayGo: boolean;
}

const RECORD = '.json';

/** Every file of a snapshot of the history. */
export async function planHistory(snapshot: string): Promise<PlannedGroup[]> {
  const groups: PlannedGroup[] = [];
  for (const path of await filesBelow(snapshot)) {
    groups.push({ files: await planFiles(snapshot, [path], 'history'), mayGo: false });
  }
  return groups;
}

/**
 * Every recording that is over, its record last, and what else there is. A
 * server may write, end and remove recordings meanwhile: of one that is being
 * made there is nothing, so that no record speaks of samples that are not there.
 */
export async function planCaptures(folder: string): Promise<PlannedGroup[]> {
  const found = await filesBelow(folder);
  const names = found.filter((name) => !name.endsWith(PARTIAL)).sort(); // the oldest recordings first: they go first
  const others = new Set(names);
  const groups: PlannedGroup[] = [];
  for (const id of names.filter(isRecord).map((name) => name.slice(0, -RECORD.length))) {
    const { data, meta, overview, record } = captureFiles(folder, id);
    const own = [data, meta, overview, record].map((path) => basename(path));
    for (const name of own) others.delete(name);
    // Read after the names: one that has ended since then is looked for as a whole.
    if (await isOver(record)) groups.push({ files: await planFiles(folder, own, 'captures'), mayGo: true });
  }
  for (const name of others) groups.push({ files: await planFiles(folder, [name], 'captures'), mayGo: true });
  return groups;
}

/**
 * Every file of the alarms, journal and definitions, or of the boards. A server may write to the
 * newest and remove the oldest meanwhile. The newest are copied first, so that
 * the copy of a log has all up to some moment, and nothing of after a gap.
 */
export async function planLogs(directory: string, part: 'alarms' | 'boards'): Promise<PlannedGroup[]> {
  const folder = join(directory, part);
  const names = (await filesBelow(folder)).filter((name) => !name.endsWith(PARTIAL)).sort();
  const groups: PlannedGroup[] = [];
  for (const name of names.reverse()) {
    groups.push({ files: await planFiles(folder, [name], part), mayGo: name.startsWith('journal/') });
  }
  return groups;
}

function isRecord(name: string): boolean {
  return name.endsWith(RECORD) && CAPTURE_ID.test(name.slice(0, -RECORD.length));
}

async function isOver(record: string): Promise<boolean> {
  const text = await readFile(record, 'utf8').catch(ifGone);
  if (text === undefined) return false;
  try {
    return (JSON.parse(text) as { state?: unknown } | null)?.state !== 'recording';
  } catch {
    return true; // damaged, for the server to put aside
  }
}

/** Those that are there. */
async function planFiles(folder: string, names: readonly string[], to: string): Promise<PlannedFile[]> {
  const files: PlannedFile[] = [];
  for (const name of names) {
    const from = join(folder, name);
    const found = await stat(from).catch(ifGone);
    if (found !== undefined) files.push({ from, path: `${to}/${name}`, bytes: found.size });
  }
  return files;
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
