import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, sync } from '../base/durable-file.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { type Examined, examine, gapsIn, type SequenceRange, toRanges } from './examine.ts';
import { copyAside } from './quarantine.ts';
import { readSegment } from './read-segment.ts';
import { cutFile, mostRecords, parseName, type SegmentName, writeAll } from './segment.ts';

/** A segment of a log that is open. */
export interface Segment {
  readonly path: string;
  /** Its records are numbered from `first` on, all of them below `end`. */
  readonly first: number;
  end: number;
  readonly count: number;
  readonly mark: Buffer;
  /** How many it holds that can be read. */
  records: number;
  /** Where the last of them ends. */
  dataEnd: number;
  fileBytes: number;
  /** Whether its file had no record and was removed. */
  isGone: boolean;
}

/** A log as it was found. */
export interface Recovered {
  /** The oldest first. */
  readonly segments: readonly Segment[];
  /** The next number to give. */
  readonly next: number;
  readonly floor: number;
  /** Of segments. */
  readonly lastCount: number;
  /** The last of them, where it can be written on. */
  readonly active: { readonly segment: Segment; readonly handle: FileHandle } | undefined;
  /** Allocated room that was not needed yet. */
  readonly spare: SegmentName | undefined;
  readonly gaps: readonly SequenceRange[];
  /** Paths of files that are damaged, and the bytes of each that are. */
  readonly damaged: ReadonlyMap<string, number>;
  /** Bytes of appends that a crash left unfinished. */
  readonly cutBytes: number;
}

interface Found extends Examined {
  readonly name: SegmentName & { readonly first: number };
  readonly path: string;
  readonly fileBytes: number;
}

/**
 * Reads all of a log, cuts off what a crash left unfinished and copies damaged
 * files aside. Rejects only where the folder cannot be listed.
 */
export async function recover(folder: string, segmentBytes: number, log: Logger): Promise<Recovered> {
  const names = await listFolder(folder);
  const all = await readAll(names, log);
  const floor = Math.max(0, ...all.map(({ notes }) => notes?.floor ?? 0)) || (all[0]?.name.first ?? 1);
  const next = nextNumber(all, segmentBytes);

  const spare = names.filter(({ first }) => first === undefined).at(-1);
  const unneeded = names.filter((name) => name.first === undefined && name !== spare).map(({ path }) => path);
  const kept: Found[] = [];
  const last = all.at(-1);
  for (const [i, one] of all.entries()) {
    const end = all[i + 1]?.name.first ?? next;
    const isEmpty = one.records.length === 0 && !one.isDamaged;
    if ((end <= floor || isEmpty) && one !== last) unneeded.push(one.path);
    else kept.push(one);
  }
  for (const path of unneeded) await attempt(log, path, () => rm(path, { force: true }));

  const segments = kept.map((one, i) => toSegment(one, kept[i + 1]?.name.first ?? next));
  const active = last && (await reopen(last, segments.at(-1)!, segmentBytes, log));
  for (const one of kept) {
    if (one.isDamaged) {
      log.error(
        { path: one.path, damaged: one.damaged.slice(0, 10), bytes: bytesOf(one) },
        'a file of a log is damaged',
      );
      await copyAside(folder, one.path, log);
    }
    if (one === last && active) continue;
    if (one.cutBytes > 0) await attempt(log, one.path, () => cutFile(one.path, one.dataEnd));
    else if (one === last) await attempt(log, one.path, () => sync(one.path));
  }
  return {
    segments,
    next,
    floor,
    lastCount: Math.max(0, ...names.map(({ count }) => count)),
    active,
    spare,
    gaps: gapsIn(
      kept.flatMap(({ records }) => toRanges(records)),
      floor,
      next,
    ),
    damaged: new Map(kept.filter(({ isDamaged }) => isDamaged).map((one) => [one.path, bytesOf(one)])),
    cutBytes: all.reduce((sum, { cutBytes }) => sum + cutBytes, 0),
  };
}

type Listed = SegmentName & { readonly path: string };

async function listFolder(folder: string): Promise<Listed[]> {
  try {
    await makeFolder(folder);
    const names = (await readdir(folder)).flatMap((name): Listed[] => {
      const parsed = parseName(name);
      return parsed === undefined ? [] : [{ ...parsed, path: join(folder, name) }];
    });
    return names.sort((a, b) => a.count - b.count);
  } catch (cause) {
    throw new AppError('STORAGE_FAILED', `the log in ${folder} cannot be opened: ${String(cause)}`, { cause });
  }
}

// The newest first: a segment's name says from where on those before it do not count.
async function readAll(names: readonly Listed[], log: Logger): Promise<Found[]> {
  const found: Found[] = [];
  let limit = Infinity;
  let isTail = true;
  for (const { path, first, count, mark } of names.toReversed()) {
    if (first === undefined) continue;
    const name = { first, count, mark };
    const bytes = await readSegment(path).catch((err: unknown) => {
      log.error({ err, path }, 'a file of a log cannot be read');
      return Buffer.alloc(0);
    });
    const examined = examine(bytes, name, { limit, isTail });
    found.unshift({ ...examined, name, path, fileBytes: bytes.length });
    isTail &&= examined.records.length === 0;
    limit = Math.min(limit, first);
  }
  return found;
}

// Numbers are not given twice: where the newest header is damaged, as many are left out as its file may have held.
function nextNumber(all: readonly Found[], segmentBytes: number): number {
  const ends = all.map(({ name, records, notes }) =>
    Math.max(name.first, (records.at(-1)?.sequence ?? 0) + 1, notes?.synced ?? 0),
  );
  const last = all.at(-1);
  if (last && last.notes === undefined) {
    ends.push(last.name.first + mostRecords(Math.max(last.fileBytes, segmentBytes)));
  }
  return Math.max(1, ...ends);
}

function toSegment({ name, path, records, dataEnd, fileBytes }: Found, end: number): Segment {
  return { ...name, path, end, records: records.length, dataEnd, fileBytes, isGone: false };
}

/** Opens the last segment to write on, with zeros where an append was not finished. Undefined where it had better not be. */
async function reopen(found: Found, segment: Segment, segmentBytes: number, log: Logger): Promise<Recovered['active']> {
  const { path, isDamaged, fileBytes, cutBytes, dataEnd } = found;
  if (isDamaged || fileBytes !== segmentBytes) return undefined;
  try {
    const handle = await open(path, 'r+');
    try {
      await writeAll(handle, Buffer.alloc(cutBytes), dataEnd);
      await handle.sync();
      return { segment, handle };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (err) {
    log.error({ err, path }, 'the last file of a log cannot be written on');
    return undefined;
  }
}

function bytesOf({ damaged }: Examined): number {
  return damaged.reduce((sum, { at, end }) => sum + end - at, 0);
}

async function attempt(log: Logger, path: string, action: () => Promise<void>): Promise<void> {
  await action().catch((err: unknown) => log.error({ err, path }, 'a file of a log could not be tidied'));
}
