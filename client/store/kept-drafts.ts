import type { Draft } from './definition-draft.ts';

/** A draft that is not saved, and what it began with. */
export interface KeptDraft<T> {
  /** Of what it began with; 0 for a new one. */
  readonly version: number;
  readonly base: T;
  readonly draft: T;
  readonly comment: string;
}

/** Of what drafts are kept. */
export interface DraftKind<T> {
  /** Before the name of each in the storage. */
  readonly prefix: string;
  /** Whether it is one; that of another build may be none. */
  isDraft(value: unknown): value is T;
}

export const DEFINITION_DRAFTS: DraftKind<Draft> = { prefix: 'fenestra-draft ', isDraft };

type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/**
 * Drafts that somebody left, in the storage of the tab; none where that is forbidden or full. One item each; what they
 * may hold together is the browser's limit.
 */
export class KeptDrafts<T> {
  readonly #storage: () => DraftStorage;
  readonly #kind: DraftKind<T>;

  /** `storage` may throw. */
  constructor(storage: () => DraftStorage, kind: DraftKind<T>) {
    this.#storage = storage;
    this.#kind = kind;
  }

  /** Of what has that identifier; of a new one where it is empty. */
  find(id: string): KeptDraft<T> | undefined {
    return this.#attempt((storage) => this.#read(storage.getItem(this.#kind.prefix + id)));
  }

  keep(id: string, kept: KeptDraft<T>): void {
    this.#attempt((storage) => storage.setItem(this.#kind.prefix + id, JSON.stringify(kept)));
  }

  forget(id: string): void {
    this.#attempt((storage) => storage.removeItem(this.#kind.prefix + id));
  }

  /** Identifiers of those that have one. */
  get ids(): ReadonlySet<string> {
    const keys = this.#attempt((storage) => Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? ''));
    const { prefix } = this.#kind;
    return new Set((keys ?? []).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)));
  }

  #read(text: string | null): KeptDraft<T> | undefined {
    if (text === null) return undefined;
    const { version, base, draft, comment } = JSON.parse(text) as Partial<Record<keyof KeptDraft<T>, unknown>>;
    if (typeof version !== 'number' || typeof comment !== 'string') return undefined;
    if (!this.#kind.isDraft(base) || !this.#kind.isDraft(draft)) return undefined;
    return { version, base, draft, comment };
  }

  #attempt<T>(use: (storage: DraftStorage) => T): T | undefined {
    try {
      return use(this.#storage());
    } catch {
      return undefined; // forbidden or full: a draft lasts as long as its form is open
    }
  }
}

function isDraft(value: unknown): value is Draft {
  const { id, channels } = (value ?? {}) as Partial<Draft>;
  return typeof id === 'string' && Array.isArray(channels);
}
