import type { AlarmAction } from '../../server/wire/alarm-actions.ts';

/** An action that is not known to be done. Times are ms since 1970 UTC by this browser's clock. */
export interface KeptAction {
  readonly action: AlarmAction;
  /** Who asked for it; undefined where nobody has given a name yet. */
  readonly name?: string | undefined;
  readonly askedMs: number;
  /** Until then it may be taken back, by the page it was asked on. */
  readonly leavesMs: number;
}

export type ActionStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

// One item each, so that two pages of this browser do not overwrite each other's.
const PREFIX = 'fenestra-alarm-action ';

/** Actions in the browser's storage, for a page that is loaded again; for this page only, where storage is forbidden or full. */
export class KeptActions {
  readonly #storage: () => ActionStorage;

  /** `storage` may throw. */
  constructor(storage: () => ActionStorage) {
    this.#storage = storage;
  }

  keep(kept: KeptAction): void {
    this.#attempt((storage) => storage.setItem(PREFIX + kept.action.id, JSON.stringify(kept)));
  }

  forget(id: string): void {
    this.#attempt((storage) => storage.removeItem(PREFIX + id));
  }

  /** Those of all pages of this browser, the oldest first. */
  read(): readonly KeptAction[] {
    const found: KeptAction[] = [];
    this.#attempt((storage) => {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
      for (const key of keys.filter((name) => name.startsWith(PREFIX))) {
        const kept = parsed(storage.getItem(key));
        if (kept === undefined) storage.removeItem(key);
        else found.push(kept);
      }
    });
    return found.sort((a, b) => a.askedMs - b.askedMs);
  }

  #attempt(use: (storage: ActionStorage) => void): void {
    try {
      use(this.#storage());
    } catch {
      // Storage is forbidden or full: what is asked for lasts as long as this page.
    }
  }
}

// Whatever else it holds the server looks at.
function parsed(text: string | null): KeptAction | undefined {
  try {
    const kept = JSON.parse(text ?? '') as KeptAction;
    const isAction = typeof kept.action.id === 'string' && Array.isArray(kept.action.alarms);
    const isName = kept.name === undefined || typeof kept.name === 'string';
    return isAction && isName && Number.isFinite(kept.askedMs + kept.leavesMs) ? kept : undefined;
  } catch {
    return undefined;
  }
}
