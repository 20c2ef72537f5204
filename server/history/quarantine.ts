import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder, sync } from '../base/durable-file.ts';
import type { Logger } from '../base/log.ts';
import type { Loss } from './losses.ts';

/** What lies in the quarantine; `removed` are cases that had to go for newer ones since the start. */
export interface QuarantineStatus {
  readonly cases: number;
  readonly bytes: number;
  readonly removed: number;
}

export interface QuarantineOptions {
  /** Of the history. */
  readonly folder: string;
  readonly log: Logger;
  readonly limits?: typeof LIMITS;
}

const QUARANTINE = 'quarantine';
/** Bytes are room for a few damaged segments, each of which can be a gigabyte; cases are what somebody may still look through. */
const LIMITS = { bytes: 4 * 2 ** 30, cases: 1000 };
const CASE = /^\d{4}-\d\d-\d\dT[\d-]+Z-[0-9a-f]{6}(-copy)?(?=[-.])/;

/**
 * Where damaged files lie as they were found, each case with a `.json` that
 * says why. When it is full, copies of files that are still in use go first,
 * then what was moved here, the oldest first; the newest case never does,
 * however large. Files that others have put here are left alone.
 */
export class Quarantine {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #limits: typeof LIMITS;
  #status: QuarantineStatus = { cases: 0, bytes: 0, removed: 0 };

  static async open({ folder, log, limits = LIMITS }: QuarantineOptions): Promise<Quarantine> {
    const quarantine = new Quarantine(join(folder, QUARANTINE), log, limits);
    await quarantine.#makeRoom();
    return quarantine;
  }

  private constructor(folder: string, log: Logger, limits: typeof LIMITS) {
    this.#folder = folder;
    this.#log = log;
    this.#limits = limits;
  }

  status(): QuarantineStatus {
    return this.#status;
  }

  /** Moves files here, whose paths are whole; of those that are gone there is only the text. Throws where one cannot be moved. */
  async move(paths: readonly string[], loss: Loss): Promise<void> {
    await this.#add(toName(loss), paths, loss, rename);
  }

  /** Copies a file that stays in use; where that fails, as on a full disk, the log says so. */
  async copy(path: string, loss: Loss): Promise<void> {
    await this.#add(`${toName(loss)}-copy`, [path], loss, copyFile).catch((err: unknown) =>
      this.#log.error({ err, path }, 'a damaged file could not be copied to the quarantine'),
    );
  }

  async #add(name: string, paths: readonly string[], loss: Loss, put: Put): Promise<void> {
    await makeFolder(this.#folder);
    const files: string[] = [];
    for (const path of paths) {
      if (!existsSync(path)) continue;
      files.push(`${name}-${basename(path)}`);
      await put(path, join(this.#folder, files.at(-1)!));
    }
    await writeFile(join(this.#folder, `${name}.json`), `${toText({ ...loss, files })}\n`);
    await sync(this.#folder);
    await this.#makeRoom(name);
  }

  // Room that cannot be made now is made with the next case, or at the next start.
  async #makeRoom(newest?: string): Promise<void> {
    try {
      const cases = await readCases(this.#folder);
      const kept = newest ?? cases.at(-1)?.name;
      let left = cases.length;
      let bytes = cases.reduce((sum, one) => sum + one.bytes, 0);
      for (const one of [...cases.filter(({ isCopy }) => isCopy), ...cases.filter(({ isCopy }) => !isCopy)]) {
        if (left <= this.#limits.cases && bytes <= this.#limits.bytes) break;
        if (one.name === kept) continue;
        for (const file of one.files) await rm(join(this.#folder, file), { force: true });
        left--;
        bytes -= one.bytes;
        this.#log.warn({ case: one.name, bytes: one.bytes }, 'the quarantine is full, and an older case is removed');
      }
      const removed = this.#status.removed + cases.length - left;
      this.#status = { cases: left, bytes, removed };
    } catch (err) {
      this.#log.error({ err }, 'the quarantine could not be looked through');
    }
  }
}

type Put = (from: string, to: string) => Promise<void>;

/** What was put aside at a time. */
interface Case {
  readonly name: string;
  /** Whether what it holds is still in use elsewhere. */
  readonly isCopy: boolean;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** The oldest first. */
async function readCases(folder: string): Promise<Case[]> {
  if (!existsSync(folder)) return [];
  const cases = new Map<string, Case>();
  for (const name of (await readdir(folder)).sort()) {
    const found = CASE.exec(name);
    if (found === null) continue;
    const { files = [], bytes: before = 0 } = cases.get(found[0]) ?? {};
    const { size } = await stat(join(folder, name));
    cases.set(found[0], {
      name: found[0],
      isCopy: found[1] !== undefined,
      files: [...files, name],
      bytes: before + size,
    });
  }
  return [...cases.values()];
}

/** Of its time, and new each time, so that nothing is overwritten. */
function toName({ atMs }: Loss): string {
  return `${new Date(atMs).toISOString().replaceAll(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}`;
}

function toText(value: object): string {
  return JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? `${field}` : field), 2);
}
