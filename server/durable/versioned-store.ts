import { type Clock, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { AppendLog, type AppendLogStatus } from './append-log.ts';
import { type DocumentEntry, DocumentTable } from './document-table.ts';
import { generationFolder, newestGeneration, writeGeneration } from './generations.ts';
import { type Authorship, decodeStored, encodeStored, type StoredChange } from './stored-change.ts';

export interface VersionedStoreOptions<T> {
  /** Made where it is not there. Whoever opens the store holds the lock of the storage folder. */
  readonly folder: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Makes a document of JSON; throws where it is none. */
  readonly parse: (json: unknown) => T;
  /** Documents that are there, and bytes of their JSON; a change beyond is refused. */
  readonly most: { readonly documents: number; readonly bytes: number };
}

export interface StoredDocument<T> extends Authorship {
  readonly key: string;
  readonly version: number;
  readonly document: T;
}

/** A document that no longer parses, as it lies in the store. */
export interface UnparsedDocument extends StoredChange {
  readonly problem: string;
}

/** A document to write, or to remove where it is absent. */
export interface DocumentChange<T> {
  readonly key: string;
  readonly document?: T;
  /** The version that the author saw; 0 where there must be none. */
  readonly expectedVersion: number;
}

export interface VersionedStoreStatus {
  readonly documents: number;
  readonly unparsed: number;
  /** Why the last change, or rewriting the store, failed. */
  readonly problem?: string;
  /** Versions that were lost by damage, at most, found since the start. */
  readonly lost: number;
  readonly log: AppendLogStatus | undefined;
}

/** Holds every change that is made at once. */
const SEGMENT_BYTES = 2 << 20;
/** The log is written anew when it has more than twice what is kept, and this. */
const SLACK_BYTES = 1 << 20;

/**
 * JSON documents with versions. A change resolves when it is on the disk, and is
 * refused with `VERSION_CONFLICT` where the author saw another version than the
 * one that is there; `details` then say which. Versions of a key only grow, also
 * when it was removed between. The newest 100 versions of a document are kept.
 */
export class VersionedStore<T> {
  readonly #options: VersionedStoreOptions<T>;
  #table: DocumentTable<T>;
  #generation = 0;
  #log: AppendLog | undefined;
  #logBytes = 0;
  #compactAt = 0;
  #lost = 0;
  #isDamaged = false;
  /** Records that are not understood: they are kept. */
  #foreign: readonly number[] = [];
  #problem: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Throws `STORAGE_FAILED` where the folder cannot be made or listed, or a file of it cannot be opened. */
  static async open<T>(options: VersionedStoreOptions<T>): Promise<VersionedStore<T>> {
    const store = new VersionedStore(options);
    await store.#compactWhereNeeded(await store.#current());
    return store;
  }

  private constructor(options: VersionedStoreOptions<T>) {
    this.#options = options;
    this.#table = new DocumentTable(options.parse);
  }

  get(key: string): StoredDocument<T> | undefined {
    const entry = this.#table.entries.get(key);
    return entry && toDocument(entry);
  }

  /** By key. */
  list(): StoredDocument<T>[] {
    return this.#sorted().flatMap((entry) => toDocument(entry) ?? []);
  }

  /** Documents that are there and do not parse, by key. They can be written again or removed by their version. */
  unparsed(): UnparsedDocument[] {
    return this.#sorted().flatMap(({ newest, problem }) => (problem === undefined ? [] : { ...newest, problem }));
  }

  /** The kept versions of a key, the newest first, as JSON; one without a document is a removal. */
  async history(key: string): Promise<StoredChange[]> {
    return this.#inTurn(async () => {
      const kept = this.#table.entries.get(key)?.kept ?? [];
      if (kept.length === 0) return [];
      const log = await this.#current();
      const numbers = new Set(kept.map(({ sequence }) => sequence));
      const changes: StoredChange[] = [];
      for await (const { sequence, payload } of log.read(kept[0]!.sequence, kept.at(-1)!.sequence + 1)) {
        if (numbers.has(sequence)) changes.unshift(decodeStored(payload) as StoredChange);
      }
      return changes;
    });
  }

  async put(key: string, document: T, { expectedVersion, ...author }: ChangeOptions): Promise<number> {
    return (await this.change([{ key, document, expectedVersion }], author))[0]!;
  }

  async remove(key: string, { expectedVersion, ...author }: ChangeOptions): Promise<number> {
    return (await this.change([{ key, expectedVersion }], author))[0]!;
  }

  /** Makes all of the changes or none, each of another key; resolves to the versions in their order. */
  change(changes: readonly DocumentChange<T>[], author: ChangeAuthor): Promise<number[]> {
    return this.#inTurn(async () => {
      const log = await this.#current();
      this.#expectSeen(changes);
      const atMs = (this.#options.clock ?? systemClock).nowMs();
      const stored = changes.map(({ key, document }) => {
        const version = this.#table.nextVersion(key);
        return { key, version, ...author, atMs, ...(document !== undefined && { document: toJson(document) }) };
      });
      const payloads = stored.map(encodeStored);
      this.#expectRoom(stored, payloads);
      for (const { document } of changes) if (document !== undefined) this.#options.parse(toJson(document));
      const { from } = await log.append(payloads);
      for (const [i, change] of stored.entries()) this.#apply(change, from + i, payloads[i]!.length);
      await this.#compactWhereNeeded(log);
      return stored.map(({ version }) => version);
    });
  }

  /** Tries again what failed last, a change or writing the store anew, so that `status` says how it is now. Never rejects. */
  async retry(): Promise<void> {
    if (this.#log?.status().problem !== undefined) await this.#log.append([]).catch(() => undefined);
    if (this.#problem === undefined) return;
    this.#compactAt = 0;
    await this.#inTurn(async () => this.#compactWhereNeeded(await this.#current())).catch(() => undefined);
  }

  status(): VersionedStoreStatus {
    const log = this.#log?.status();
    const problem = this.#problem ?? log?.problem;
    return {
      ...{ documents: this.#table.documents, unparsed: this.unparsed().length, lost: this.#lost, log },
      ...(problem !== undefined && { problem }),
    };
  }

  /** Resolves when all changes are written. */
  async close(): Promise<void> {
    await this.#inTurn(async () => this.#log?.close());
  }

  #inTurn<R>(action: () => Promise<R>): Promise<R> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined); // told to who asked for it
    return result;
  }

  #sorted(): DocumentEntry<T>[] {
    return [...this.#table.entries.values()].sort((a, b) => (a.newest.key < b.newest.key ? -1 : 1));
  }

  #expectSeen(changes: readonly DocumentChange<T>[]): void {
    if (new Set(changes.map(({ key }) => key)).size < changes.length) {
      throw new AppError('REQUEST_INVALID', 'a key is changed twice at once, expected different keys');
    }
    for (const { key, expectedVersion } of changes) {
      const version = this.#table.versionOf(key);
      if (version === expectedVersion) continue;
      const { document } = this.#table.entries.get(key)?.newest ?? {};
      const message = `${key} is at version ${version}, not at ${expectedVersion}`;
      throw new AppError('VERSION_CONFLICT', message, { details: { key, version, document } });
    }
  }

  #expectRoom(changes: readonly StoredChange[], payloads: readonly Buffer[]): void {
    const { documents: mostDocuments, bytes: mostBytes } = this.#options.most;
    let { documents, currentBytes } = this.#table;
    for (const [i, { key, document }] of changes.entries()) {
      documents += (document === undefined ? 0 : 1) - (this.#table.versionOf(key) === 0 ? 0 : 1);
      currentBytes += (document === undefined ? 0 : payloads[i]!.length) - this.#table.bytesOf(key);
    }
    const isMore = documents > this.#table.documents || currentBytes > this.#table.currentBytes;
    if (!isMore || (documents <= mostDocuments && currentBytes <= mostBytes)) return;
    const message = `${documents} documents of ${currentBytes} bytes, at most ${mostDocuments} of ${mostBytes} are kept`;
    throw new AppError('REQUEST_INVALID', message);
  }

  #apply(change: StoredChange, sequence: number, bytes: number): void {
    this.#table.apply(change, { sequence, bytes });
    this.#logBytes += bytes;
  }

  /** The log to write to. Where the newest could not be opened, it is tried again. */
  async #current(): Promise<AppendLog> {
    if (this.#log !== undefined) return this.#log;
    const { folder, log } = this.#options;
    this.#generation = await newestGeneration(folder, log).catch((cause: unknown) => {
      throw new AppError('STORAGE_FAILED', `the store in ${folder} cannot be opened: ${String(cause)}`, { cause });
    });
    const opened = await AppendLog.open({ ...this.#newLog, folder: generationFolder(folder, this.#generation) });
    try {
      await this.#read(opened);
    } catch (error) {
      await opened.close();
      throw error;
    }
    this.#log = opened;
    return opened;
  }

  get #newLog(): { readonly segmentBytes: number; readonly log: Logger } {
    return { segmentBytes: SEGMENT_BYTES, log: this.#options.log };
  }

  async #read(log: AppendLog): Promise<void> {
    const table = new DocumentTable(this.#options.parse);
    let logBytes = 0;
    const foreign: number[] = [];
    for await (const { sequence, payload } of log.read(1)) {
      const record = this.#decode(payload, sequence);
      logBytes += payload.length;
      if (record === undefined) foreign.push(sequence);
      else if ('base' in record) table.raiseBase(record.base);
      else table.apply(record, { sequence, bytes: payload.length });
    }
    const missing = log.status().damage.records;
    const lost = missing + foreign.length;
    if (lost > 0) {
      // Versions that nobody can read any more may have been seen; none of them is given again.
      table.raiseBase(table.largestVersion() + lost);
      this.#options.log.error({ lost }, 'versions of documents are lost');
    }
    this.#table = table;
    this.#logBytes = logBytes;
    this.#lost += lost;
    this.#foreign = foreign;
    this.#isDamaged = missing > 0;
  }

  #decode(payload: Buffer, sequence: number): ReturnType<typeof decodeStored> | undefined {
    try {
      return decodeStored(payload);
    } catch (err) {
      this.#options.log.error({ err, sequence }, 'a record of a store is none of its own');
      return undefined;
    }
  }

  // What cannot be written anew stays as it is, until it is half as long again. Never rejects.
  async #compactWhereNeeded(before: AppendLog): Promise<void> {
    const isNeeded = this.#isDamaged || this.#logBytes > 2 * this.#table.keptBytes + SLACK_BYTES;
    if (!isNeeded) this.#problem = undefined;
    if (!isNeeded || this.#logBytes < this.#compactAt) return;
    const { folder, log: logger } = this.#options;
    const kept = [...this.#table.entries.values()].flatMap((entry) => entry.kept.map(({ sequence }) => sequence));
    const sequences = new Set([...this.#foreign, ...kept]);
    try {
      const path = generationFolder(folder, this.#generation + 1);
      const first = encodeStored({ base: this.#table.base });
      await writeGeneration(path, first, { log: before, sequences }, this.#newLog);
      this.#log = undefined;
      await before.close();
      await this.#current();
      this.#compactAt = this.#logBytes + SLACK_BYTES;
      this.#problem = undefined;
    } catch (err) {
      if (this.#problem === undefined) logger.error({ err }, 'a store could not be written anew');
      this.#problem = `the store could not be written anew: ${String(err)}`;
      this.#compactAt = this.#logBytes * 1.5;
    }
  }
}

type ChangeAuthor = Omit<Authorship, 'atMs'>;
type ChangeOptions = ChangeAuthor & { readonly expectedVersion: number };

function toDocument<T>({ newest, document }: DocumentEntry<T>): StoredDocument<T> | undefined {
  if (document === undefined) return undefined;
  const { key, version, by, atMs, comment } = newest;
  return { key, version, document, by, atMs, ...(comment !== undefined && { comment }) };
}

// As it is read again after a restart.
function toJson(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document));
}
