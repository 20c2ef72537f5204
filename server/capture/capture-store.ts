import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { PARTIAL, writeWhole } from '../base/whole-file.ts';
import { CaptureSchema } from '../wire/capture-schema.ts';
import type { CaptureReply } from '../wire/captures.ts';
import { CAPTURE_ID } from '../wire/names.ts';
import { captureFiles } from './capture-files.ts';
import type { StoreFill } from './capture-link.ts';
import { sizeFault } from './file-check.ts';
import { type Quarantined, quarantine, readQuarantine } from './quarantine.ts';

/** Recordings that were refused or failed and are listed; past it the oldest are forgotten. */
const FAILED_LIMIT = 1000;

const RECORD = '.json';
const ENDINGS = [RECORD, '.sigmf-data', '.sigmf-meta', '.fenestra-overview'];

/** A record; what a later version says besides is left alone. */
const Stored = z.object(CaptureSchema.shape);

/**
 * The list of recordings on the disk: one JSON file each beside its samples,
 * replaced whole, so that no kill leaves the list torn.
 *
 * A record says what was recorded. That files are not that any more is found
 * anew at each start and stands in no record: who puts them back has his
 * recording again.
 */
export class CaptureStore {
  readonly directory: string;
  readonly #captures = new Map<string, CaptureReply>();
  readonly #damaged = new Set<string>();
  #quarantined: Quarantined = { ids: [], bytes: 0 };

  private constructor(directory: string) {
    this.directory = directory;
  }

  /**
   * Reads the list. What was being written when the server ended is removed
   * and listed as failed, as is what is damaged; files without a whole record
   * are put aside. Throws `STORAGE_FAILED` where the folder cannot be used.
   */
  static async open(directory: string, log: Logger): Promise<CaptureStore> {
    const names = await openFolder(directory);
    const store = new CaptureStore(directory);
    // A full disk or a strange file does not keep the server from starting: what is known is listed all the same.
    const report = (error: unknown) => log.error({ err: error }, 'what is left of a recording cannot be put away');
    for (const name of names) {
      if (name.endsWith(PARTIAL)) await rm(join(directory, name), { force: true }).catch(report);
    }
    const left = filesById(names);
    for (const [id, files] of left) {
      const { capture, why, isUnreadable } = readRecord(directory, id, files);
      if (capture !== undefined) store.#captures.set(id, capture);
      else if (isUnreadable) {
        log.error({ id, reason: why }, 'a recording is not listed until the next start');
        store.#damaged.add(id); // so that what it refers to is kept
      } else {
        log.error({ id, reason: why }, 'a recording has no whole record and is put into the quarantine');
        store.#damaged.add(id);
        await quarantine(directory, id, files, why).catch(report);
      }
    }
    for (const capture of store.captures) await store.#check(capture, log).catch(report);
    store.#quarantined = await readQuarantine(directory);
    return store;
  }

  /** In no order. */
  get captures(): readonly CaptureReply[] {
    return [...this.#captures.values()];
  }

  /** Recordings that are not served because their files or records are damaged; what is left of them is kept. */
  get damaged(): readonly string[] {
    return [...new Set([...this.#damaged, ...this.#quarantined.ids])];
  }

  /** What lies in the quarantine. */
  get quarantined(): Quarantined {
    return this.#quarantined;
  }

  /** Of the recordings that are there, whole or not. */
  get bytes(): number {
    return this.captures.reduce((sum, { bytes }) => sum + bytes, this.#quarantined.bytes);
  }

  /** Recordings that no person asked for, the oldest first. */
  get spare(): readonly CaptureReply[] {
    return this.captures.filter(isSpare).sort((a, b) => a.createdMs - b.createdMs);
  }

  get fill(): StoreFill {
    const spare = this.captures.filter(isSpare);
    return {
      bytes: this.bytes,
      recordings: this.captures.filter(({ state }) => state === 'ready').length,
      spareBytes: spare.reduce((sum, { bytes }) => sum + bytes, 0),
      spareRecordings: spare.length,
    };
  }

  /** Lists a ready recording as failed until the next start, and returns what the list says of it. */
  setDamaged(id: string, why: string): CaptureReply {
    const capture = { ...(this.#captures.get(id) as CaptureReply), state: 'failed', note: why } as const;
    this.#captures.set(id, capture);
    this.#damaged.add(id);
    return capture;
  }

  /** Lists a recording or replaces what is said of it; returns those that went for it. */
  async put(capture: CaptureReply): Promise<readonly string[]> {
    this.#captures.set(capture.id, capture);
    await writeWhole(captureFiles(this.directory, capture.id).record, `${JSON.stringify(capture)}\n`);
    return this.#forget();
  }

  /** Removes a recording: what is said of it last, so that nothing is left that nobody knows of. */
  async remove(id: string): Promise<void> {
    const { data, meta, overview, record } = captureFiles(this.directory, id);
    for (const path of [data, meta, overview, record]) await rm(path, { force: true });
    this.#captures.delete(id);
    this.#damaged.delete(id);
  }

  // Samples are there as long as the record says so: those of a recording that failed go.
  async #check(capture: CaptureReply, log: Logger): Promise<void> {
    if (capture.state === 'recording') {
      const { data, meta, overview } = captureFiles(this.directory, capture.id);
      await this.put({ ...capture, state: 'failed', note: 'the server ended while it was recorded' });
      for (const path of [data, meta, overview]) await rm(path, { force: true });
    }
    if (capture.state !== 'ready') return;
    const files = captureFiles(this.directory, capture.id);
    const why = await sizeFault(files, capture).catch((error: unknown) => {
      log.warn({ id: capture.id, err: error }, 'a recording cannot be checked now');
    });
    if (!why) return;
    log.error({ id: capture.id, reason: why }, 'a recording is damaged');
    this.setDamaged(capture.id, why);
  }

  async #forget(): Promise<readonly string[]> {
    const over = this.captures
      .filter(({ id, state }) => state === 'refused' || (state === 'failed' && !this.#damaged.has(id)))
      .sort((a, b) => b.createdMs - a.createdMs)
      .slice(FAILED_LIMIT);
    for (const { id } of over) {
      await this.remove(id);
    }
    return over.map(({ id }) => id);
  }
}

function isSpare({ state, cause }: CaptureReply): boolean {
  return state === 'ready' && cause.kind !== 'person';
}

async function openFolder(directory: string): Promise<string[]> {
  try {
    await mkdir(directory, { recursive: true });
    return await readdir(directory);
  } catch (error) {
    throw new AppError('STORAGE_FAILED', `cannot keep recordings in ${directory}: ${(error as Error).message}`);
  }
}

// Names of files by the recording that they belong to; other files are none of ours.
function filesById(names: readonly string[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const name of names) {
    const ending = ENDINGS.find((it) => name.endsWith(it));
    const id = name.slice(0, -(ending?.length ?? 0));
    if (ending !== undefined && CAPTURE_ID.test(id)) files.set(id, [...(files.get(id) ?? []), name]);
  }
  return files;
}

// At the start this thread has nothing else to do, and ten thousand files are read at once five times as fast.
function readRecord(directory: string, id: string, files: readonly string[]) {
  try {
    if (!files.includes(id + RECORD)) throw new Error('there is none');
    const capture = Stored.parse(JSON.parse(readFileSync(captureFiles(directory, id).record, 'utf8')));
    if (capture.id !== id) throw new Error(`it is that of ${capture.id}`);
    return { capture, why: '', isUnreadable: false };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnreadable = code !== undefined && code !== 'EISDIR'; // a disk that fails now does not make a record wrong
    const what = isUnreadable ? 'cannot be read' : 'is damaged';
    return { capture: undefined, why: `its record ${id}${RECORD} ${what}: ${message}`, isUnreadable };
  }
}
