import type { StoredChange } from './stored-change.ts';

/** Where a version of a document lies in the log. */
interface KeptVersion {
  readonly sequence: number;
  readonly bytes: number;
}

/** A document with its versions, the oldest first. */
export interface DocumentEntry<T> {
  readonly newest: StoredChange;
  /** Absent where it was removed, or does not parse. */
  readonly document: T | undefined;
  /** Why it does not parse. */
  readonly problem: string | undefined;
  readonly kept: readonly KeptVersion[];
}

/** The newest of a document. */
const KEPT_VERSIONS = 100;
/** Of versions that are not the newest of their document; when there are more, the oldest of all go. */
const HISTORY_BYTES = 32 << 20;
/** Documents that were removed; when there are more, the history of those that were removed first goes. */
const KEPT_REMOVED = 1000;

/**
 * The documents of a store and which of their versions are kept. In ascending
 * order of sequence numbers, so that the same changes lead to the same table.
 */
export class DocumentTable<T> {
  readonly #parse: (json: unknown) => T;
  readonly #entries = new Map<string, DocumentEntry<T>>();
  #base = 0;
  #keptBytes = 0;
  #currentBytes = 0;
  #documents = 0;

  constructor(parse: (json: unknown) => T) {
    this.#parse = parse;
  }

  /** Every version to come is larger than this. */
  get base(): number {
    return this.#base;
  }

  /** Of records of kept versions. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Of records of documents that are there. */
  get currentBytes(): number {
    return this.#currentBytes;
  }

  /** Documents that are there. */
  get documents(): number {
    return this.#documents;
  }

  /** All that are there or were removed, by key. */
  get entries(): ReadonlyMap<string, DocumentEntry<T>> {
    return this.#entries;
  }

  raiseBase(base: number): void {
    this.#base = Math.max(this.#base, base);
  }

  /** The version of a document that is there, else 0. */
  versionOf(key: string): number {
    const newest = this.#entries.get(key)?.newest;
    return newest?.document === undefined ? 0 : newest.version;
  }

  nextVersion(key: string): number {
    return Math.max(this.#base, this.#entries.get(key)?.newest.version ?? 0) + 1;
  }

  /** The largest version that was ever given. */
  largestVersion(): number {
    return [...this.#entries.values()].reduce((most, { newest }) => Math.max(most, newest.version), this.#base);
  }

  /** Bytes of the record of a document that is there. */
  bytesOf(key: string): number {
    return this.versionOf(key) === 0 ? 0 : this.#entries.get(key)!.kept.at(-1)!.bytes;
  }

  apply(change: StoredChange, { sequence, bytes }: KeptVersion): void {
    const { key } = change;
    const before = this.#entries.get(key);
    this.#currentBytes -= this.bytesOf(key);
    this.#documents -= this.versionOf(key) === 0 ? 0 : 1;
    const all = [...(before?.kept ?? []), { sequence, bytes }];
    const kept = all.slice(-KEPT_VERSIONS);
    this.#keptBytes += sum(kept) - sum(before?.kept ?? []);
    this.#entries.delete(key); // so that those removed first come first
    this.#entries.set(key, { newest: change, kept, ...this.#parsed(change) });
    this.#currentBytes += this.bytesOf(key);
    this.#documents += this.versionOf(key) === 0 ? 0 : 1;
    if (this.#entries.size - this.#documents > KEPT_REMOVED) this.#forgetRemoved();
    if (this.#keptBytes - this.#currentBytes > HISTORY_BYTES) this.#forgetOld();
  }

  #parsed({ document }: StoredChange): Pick<DocumentEntry<T>, 'document' | 'problem'> {
    if (document === undefined) return { document: undefined, problem: undefined };
    try {
      return { document: this.#parse(document), problem: undefined };
    } catch (error) {
      return { document: undefined, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  #forgetRemoved(): void {
    for (const [key, { newest, kept }] of this.#entries) {
      if (newest.document !== undefined) continue;
      this.#entries.delete(key);
      this.#keptBytes -= sum(kept);
      this.raiseBase(newest.version);
      return;
    }
  }

  // Down to half, so that it comes seldom.
  #forgetOld(): void {
    const old = [...this.#entries].flatMap(([key, { kept }]) => kept.slice(0, -1).map((one) => ({ key, ...one })));
    const before = new Map<string, number>();
    let bytes = sum(old);
    for (const { key, sequence, ...one } of old.sort((a, b) => a.sequence - b.sequence)) {
      if (bytes <= HISTORY_BYTES / 2) break;
      bytes -= one.bytes;
      before.set(key, sequence);
    }
    for (const [key, last] of before) {
      const entry = this.#entries.get(key)!;
      const kept = entry.kept.filter(({ sequence }) => sequence > last);
      this.#keptBytes -= sum(entry.kept) - sum(kept);
      this.#entries.set(key, { ...entry, kept });
    }
  }
}

function sum(kept: readonly { readonly bytes: number }[]): number {
  return kept.reduce((total, { bytes }) => total + bytes, 0);
}
