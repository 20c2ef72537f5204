import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { PARTIAL, writeWhole } from '../base/whole-file.ts';
import type { CaptureReply } from '../wire/captures.ts';
import { CAPTURE_ID, captureFiles } from './capture-files.ts';

/** Recordings that were refused or failed and are listed; past it the oldest are forgotten. */
const FAILED_LIMIT = 1000;

const RECORD = '.json';

const count = z.number().min(0);

const Stored = z.object({
  id: z.string().regex(CAPTURE_ID),
  state: z.enum(['recording', 'ready', 'refused', 'failed']),
  note: z.string().optional(),
  channel: z.string(),
  label: z.string(),
  stream: z.string(),
  unit: z.string(),
  datatype: z.string(),
  rateHz: z.number().positive(),
  scale: z.number(),
  offset: z.number(),
  fullScale: z.tuple([z.number(), z.number()]).optional(),
  triggerSample: count,
  triggerMs: z.number(),
  from: count,
  to: count,
  segments: z.array(z.object({ start: count, index: count, samples: count, timeMs: z.number() })),
  overtaken: count,
  samples: count,
  bytes: count,
  sha512: z.string(),
  cause: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('person'), comment: z.string() }),
    z.object({ kind: z.literal('threshold'), limit: z.number(), value: z.number() }),
  ]),
  createdMs: z.number(),
  overview: z.object({ cell: count, levels: z.array(count) }),
});

/**
 * The list of recordings on the disk: one JSON file each beside its samples,
 * replaced whole, so that no kill leaves the list torn.
 */
export class CaptureStore {
  readonly directory: string;
  /** Recordings that are not listed because their records are damaged; their samples may be there. */
  readonly damaged: readonly string[];
  readonly #captures: Map<string, CaptureReply>;

  private constructor(directory: string, captures: Map<string, CaptureReply>, damaged: readonly string[]) {
    this.directory = directory;
    this.damaged = damaged;
    this.#captures = captures;
  }

  /**
   * Reads the list. What was being written when the server ended is removed
   * and listed as failed. Throws `STORAGE_FAILED` where the folder cannot be used.
   */
  static async open(directory: string, log: Logger): Promise<CaptureStore> {
    const names = await openFolder(directory);
    const captures = new Map<string, CaptureReply>();
    const damaged: string[] = [];
    for (const name of names) {
      if (!name.endsWith(RECORD)) continue;
      const id = name.slice(0, -RECORD.length);
      const capture = readRecord(join(directory, name), log);
      if (capture?.id === id) captures.set(id, capture);
      else damaged.push(id);
    }
    const store = new CaptureStore(directory, captures, damaged);
    const found = new Set(names);
    // A full disk or a strange file does not keep the server from starting: what is known is listed all the same.
    const report = (error: unknown) => log.error({ err: error }, 'what is left of a recording cannot be put away');
    for (const name of names) {
      if (name.endsWith(PARTIAL)) await rm(join(directory, name), { force: true }).catch(report);
    }
    for (const capture of [...captures.values()]) await store.#check(capture, found).catch(report);
    return store;
  }

  /** In no order. */
  get captures(): readonly CaptureReply[] {
    return [...this.#captures.values()];
  }

  /** Of the recordings that are there. */
  get bytes(): number {
    return this.captures.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get recordings(): number {
    return this.captures.filter(({ state }) => state === 'ready').length;
  }

  /** Lists a recording or replaces what is said of it; returns those that went for it. */
  async put(capture: CaptureReply): Promise<readonly string[]> {
    this.#captures.set(capture.id, capture);
    await writeWhole(captureFiles(this.directory, capture.id).record, `${JSON.stringify(capture)}\n`);
    return this.#forget();
  }

  // Samples are there as long as the record says so: those of a recording that failed go.
  async #check(capture: CaptureReply, found: ReadonlySet<string>): Promise<void> {
    if (capture.state === 'recording') {
      const { data, meta, overview } = captureFiles(this.directory, capture.id);
      await this.put({ ...capture, state: 'failed', note: 'the server ended while it was recorded' });
      for (const path of [data, meta, overview]) await rm(path, { force: true });
    }
    if (capture.state === 'ready' && !found.has(`${capture.id}.sigmf-data`)) {
      await this.put({ ...capture, state: 'failed', note: 'its samples are not there any more', bytes: 0 });
    }
  }

  async #forget(): Promise<readonly string[]> {
    const over = this.captures
      .filter(({ state }) => state === 'refused' || state === 'failed')
      .sort((a, b) => b.createdMs - a.createdMs)
      .slice(FAILED_LIMIT);
    for (const { id } of over) {
      this.#captures.delete(id);
      await rm(captureFiles(this.directory, id).record, { force: true });
    }
    return over.map(({ id }) => id);
  }
}

async function openFolder(directory: string): Promise<string[]> {
  try {
    await mkdir(directory, { recursive: true });
    return await readdir(directory);
  } catch (error) {
    throw new AppError('STORAGE_FAILED', `cannot keep recordings in ${directory}: ${(error as Error).message}`);
  }
}

// A damaged record hides its recording, whose files stay; it never keeps the server from starting.
// At the start this thread has nothing else to do, and ten thousand files are read at once five times as fast.
function readRecord(path: string, log: Logger): CaptureReply | undefined {
  try {
    return Stored.parse(JSON.parse(readFileSync(path, 'utf8'))) as CaptureReply;
  } catch (error) {
    log.error({ path, reason: (error as Error).message }, 'the record of a recording is damaged and is left out');
    return undefined;
  }
}
