import { describe, expect, it } from 'vitest';
import { BOARD_DRAFTS } from '../../../client/store/board-draft.ts';
import { DEFINITION_DRAFTS, KeptDrafts } from '../../../client/store/kept-drafts.ts';

const KEPT = {
  version: 3,
  base: { id: 'slow', channels: ['a'] },
  draft: { id: 'slow', channels: ['b'], title: { en: '<b>' } },
  comment: '더 느림',
};

const BOARD = {
  name: 'Bay 4',
  screen: { diagonal: 65, distance: 5 },
  pausesOnCritical: true,
  slides: [{ kind: 'alarms' as const, dwellSeconds: 10 }],
};

describe('drafts of boards', () => {
  it('lie beside those of definitions, and are none where a wall could not show them', () => {
    const storage = new MemoryStorage({});
    const boards = new KeptDrafts(() => storage, BOARD_DRAFTS);
    const kept = { version: 1, base: { id: '', board: BOARD }, draft: { id: 'b', board: BOARD }, comment: '' };

    boards.keep('', kept);

    expect(boards.find('')).toEqual(kept);
    expect(new KeptDrafts(() => storage, DEFINITION_DRAFTS).find('')).toBeUndefined();
    for (const slides of [[], [{ kind: 'alarms', dwellSeconds: 0 }], [{ kind: 'news', dwellSeconds: 5 }]]) {
      const text = JSON.stringify({ ...kept, draft: { id: 'b', board: { ...BOARD, slides } } });
      storage.setItem('fenestra-board x', text);
      expect(boards.find('x'), text).toBeUndefined();
    }
  });
});

describe('drafts that somebody left', () => {
  it('are found again by who opens the page anew, each by its name, until they are forgotten', () => {
    const storage = new MemoryStorage({ 'fenestra-person': 'Kim' });
    new KeptDrafts(() => storage, DEFINITION_DRAFTS).keep('slow', KEPT);
    new KeptDrafts(() => storage, DEFINITION_DRAFTS).keep('', { ...KEPT, version: 0 });

    const drafts = new KeptDrafts(() => storage, DEFINITION_DRAFTS);

    expect([...drafts.ids].sort()).toEqual(['', 'slow']);
    expect(drafts.find('slow')).toEqual(KEPT);
    drafts.forget('slow');
    expect(drafts.find('slow')).toBeUndefined();
    expect([...drafts.ids]).toEqual(['']);
    expect(storage.getItem('fenestra-person')).toBe('Kim');
  });

  it.each(['', 'null', '3', '{}', '{"version":1,"base":{},"draft":{},"comment":""}', '{'])(
    'are none where another build left %j',
    (text) => {
      const storage = new MemoryStorage({ 'fenestra-draft slow': text });

      expect(new KeptDrafts(() => storage, DEFINITION_DRAFTS).find('slow')).toBeUndefined();
    },
  );

  it('are none where storage is forbidden, and nothing is thrown', () => {
    const drafts = new KeptDrafts(() => {
      throw new Error('forbidden');
    }, DEFINITION_DRAFTS);

    drafts.keep('slow', KEPT);
    drafts.forget('slow');

    expect(drafts.find('slow')).toBeUndefined();
    expect(drafts.ids.size).toBe(0);
  });
});

class MemoryStorage {
  readonly #items: Map<string, string>;

  constructor(items: Readonly<Record<string, string>>) {
    this.#items = new Map(Object.entries(items));
  }

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }

  removeItem(name: string): void {
    this.#items.delete(name);
  }
}
