import type { Draft } from './definition-draft.ts';

/** A draft that is not saved, and what it began with. */
export interface KeptDraft {
  /** Of the definition it began with; 0 for a new one. */
  readonly version: number;
  readonly base: Draft;
  readonly draft: Draft;
  readonly comment: string;
}

type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

// One item each. What they may hold together is the browser's limit.
const PREFIX = 'fenestra-draft ';

/** Drafts of definitions that somebody left, in the storage of the tab; none where that is forbidden or full. */
export class KeptDrafts {
  readonly #storage: () => DraftStorage;

  /** `storage` may throw. */
  constructor(storage: () => DraftStorage) {
    this.#storage = storage;
  }

  /** Of the definition with that identifier; of a new one where it is empty. */
  find(id: string): KeptDraft | undefined {
    return this.#attempt((storage) => readDraft(storage.getItem(PREFIX + id)));
  }

  keep(id: string, kept: KeptDraft): void {
    this.#attempt((storage) => storage.setItem(PREFIX + id, JSON.stringify(kept)));
  }

  forget(id: string): void {
    this.#attempt((storage) => storage.removeItem(PREFIX + id));
  }

  /** Identifiers of those that have one. */
  get ids(): ReadonlySet<string> {
    const keys = this.#attempt((storage) => Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? ''));
    return new Set((keys ?? []).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)));
  }

  #attempt<T>(use: (storage: DraftStorage) => T): T | undefined {
    try {
      return use(this.#storage());
    } catch {
      return undefined; // forbidden or full: a draft lasts as long as its form is open
    }
  }
}

/** Undefined where it is none, as that of another build may be. */
function readDraft(text: string | null): KeptDraft | undefined {
  if (text === null) return undefined;
  const { version, base, draft, comment } = JSON.parse(text) as Partial<KeptDraft>;
  if (typeof version !== 'number' || typeof comment !== 'string' || !isDraft(base) || !isDraft(draft)) return undefined;
  return { version, base, draft, comment };
}

function isDraft(value: Draft | undefined): value is Draft {
  return typeof value?.id === 'string' && Array.isArray(value.channels);
}
