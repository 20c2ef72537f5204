import { describe, expect, it } from 'vitest';
import { KeptDrafts } from '../../../client/store/kept-drafts.ts';

const KEPT = {
  version: 3,
  base: { id: 'slow', channels: ['a'] },
  draft: { id: 'slow', channels: ['b'], title: { en: '<b>' } },
  comment: '더 느림',
};

describe('drafts that somebody left', () => {
  it('are found again by who opens the page anew, each by its name, until they are forgotten', () => {
    const storage = new MemoryStorage({ 'fenestra-person': 'Kim' });
    new KeptDrafts(() => storage).keep('slow', KEPT);
    new KeptDrafts(() => storage).keep('', { ...KEPT, version: 0 });

    const drafts = new KeptDrafts(() => storage);

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

      expect(new KeptDrafts(() => storage).find('slow')).toBeUndefined();
    },
  );

  it('are none where storage is forbidden, and nothing is thrown', () => {
    const drafts = new KeptDrafts(() => {
      throw new Error('forbidden');
    });

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
