import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FaultPlan, FileFaults } from '../../support/file-faults.ts';
import { Folder } from '../../support/folder.ts';
import { runs } from '../../support/runs.ts';
import { openStore } from '../../support/stores.ts';
import { hasTool } from '../../support/tools.ts';

const WRITER = fileURLToPath(new URL('../../support/store-writer.mjs', import.meta.url));
const folder = new Folder();
const by = 'Kim';

describe('a versioned store that is written anew', () => {
  it('keeps the newest hundred versions, at whatever step it is stopped', async () => {
    const store = await openStore(folder.path('store'));
    await store.put('gone', { words: 'x' }, { expectedVersion: 0, by });
    await store.remove('gone', { expectedVersion: 1, by });
    for (let i = 0; i < 11; i++)
      await store.put('a', { words: `${i}`, room: 'x'.repeat(100_000) }, { expectedVersion: i, by });
    for (let i = 11; i < 110; i++) await store.put('a', { words: `${i}` }, { expectedVersion: i, by });
    cpSync(folder.path('store'), folder.path('before'), { recursive: true });
    expect(readdirSync(folder.path('before'))).toEqual(['00000001']);
    await store.put('a', { words: 'last' }, { expectedVersion: 110, by });
    for (let i = 111; i < 114; i++) await store.put('a', { words: `${i}` }, { expectedVersion: i, by });

    expect(readdirSync(folder.path('store'))).toEqual(['00000002']);
    expect((await store.history('a')).map(({ version }) => version)).toEqual(
      Array.from({ length: 100 }, (_, i) => 114 - i),
    );
    expect(store.status().log!.records).toBeLessThan(110);
    await store.close();
    const [before, after] = [folder.path('before/00000001'), folder.path('store/00000002')];
    for (const stop of ['amid', 'renamed', 'removing']) {
      const copy = folder.path(stop);
      cpSync(before, join(copy, '00000001'), { recursive: true });
      cpSync(after, join(copy, stop === 'amid' ? '00000002.partial' : '00000002'), { recursive: true });
      for (const name of readdirSync(join(copy, '00000001')))
        if (stop === 'removing') rmSync(join(copy, '00000001', name));

      const found = await openStore(folder.path(stop));

      expect(found.get('a')?.version).toBe(stop === 'amid' ? 110 : 114);
      expect(await found.put('gone', { words: 'y' }, { expectedVersion: 0, by })).toBe(3);
      expect(readdirSync(copy)).toHaveLength(1);
      await found.close();
    }
  });

  it('says that it could not be written anew only until it is', async () => {
    const store = await openStore(folder.path('store'));
    for (let i = 0; i < 110; i++) {
      const room = i < 11 ? 'x'.repeat(100_000) : '';
      await store.put('a', { words: `${i}`, room }, { expectedVersion: i, by });
    }
    const handle = await openFile(folder.write('any', ''), 'r');
    const datasync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
    const isCopying = () => existsSync(folder.path('store/00000002.partial'));
    datasync.mockImplementation(async () => {
      if (isCopying()) throw new Error('EIO');
    });
    try {
      await store.put('a', { words: 'last' }, { expectedVersion: 110, by });
      expect(store.status().problem).toContain('written anew');
      await store.retry();
      expect(store.status().problem).toContain('written anew');
    } finally {
      datasync.mockRestore();
      await handle.close();
    }

    await store.retry();

    expect(store.status().problem).toBeUndefined();
    expect(readdirSync(folder.path('store'))).toEqual(['00000002']);
    expect(store.get('a')).toMatchObject({ version: 111, document: { words: 'last' } });
    await store.close();
  });

  it('gives no version twice and serves no other words where its files are damaged', async () => {
    const store = await openStore(folder.path('store'));
    for (let i = 0; i < 30; i++)
      await store.put(`key-${i % 4}`, { words: `${i}` }, { expectedVersion: Math.floor(i / 4), by });
    await store.close();
    const [name] = readdirSync(folder.path('store/00000001')).filter((one) => one.startsWith('0'));
    const bytes = readFileSync(folder.path(`store/00000001/${name}`));
    const places = fc.record({
      at: fc.integer({ min: 4000, max: 7200 }),
      length: fc.integer({ min: 1, max: 400 }),
      value: fc.constantFrom(0, 85),
    });
    let run = 0;

    const property = fc.asyncProperty(fc.array(places, { minLength: 1, maxLength: 4 }), async (damages) => {
      const copy = `copy-${run++}`;
      cpSync(folder.path('store'), folder.path(copy), { recursive: true });
      const hurt = Buffer.from(bytes);
      for (const { at, length, value } of damages) hurt.fill(value, at, at + length);
      writeFileSync(folder.path(`${copy}/00000001/${name}`), hurt);
      const after = await openStore(folder.path(copy));
      for (const { key, version, document } of after.list()) {
        expect(`key-${Number(document.words) % 4}`).toBe(key);
        expect(version).toBe(Math.floor(Number(document.words) / 4) + 1);
      }
      const isHurt = after.status().lost > 0;
      for (let i = 0; i < 4; i++) {
        const expectedVersion = after.get(`key-${i}`)?.version ?? 0;
        const version = await after.put(`key-${i}`, { words: `${i}` }, { expectedVersion, by });
        expect(version).toBeGreaterThan(i < 2 ? 8 : 7);
      }
      await after.close();
      if (isHurt) expect(readdirSync(folder.path(copy)).sort()).toEqual(['00000002', 'quarantine']);
      rmSync(folder.path(copy), { recursive: true });
    });
    await fc.assert(property, { numRuns: runs(12, 2000) });
  });

  describe.skipIf(!hasTool('gcc'))('on a disk that fails', () => {
    let notes: string;
    beforeEach(() => {
      notes = mkdtempSync(join(tmpdir(), 'fenestra-'));
    });
    afterEach(() => rmSync(notes, { recursive: true }));

    it.each<[string, FaultPlan]>([
      ['while it is copied', { calls: ['write'], path: '*.partial/*', at: 6, action: 'kill' }],
      ['before it is renamed', { calls: ['rename'], path: '*/00000002', action: 'kill' }],
      ['when it is renamed', { calls: ['open'], path: '*/00000002/*', action: 'kill' }],
      [
        'by calls of all kinds',
        { calls: ['write', 'fsync', 'open', 'rename'], every: 7, count: Infinity, action: ['EIO', 'ENOSPC', 'EMFILE'] },
      ],
      [
        'by what writes it anew',
        { calls: ['write', 'rename', 'open'], path: '*/00000002*', count: 40, action: ['ENOSPC', 'EIO'] },
      ],
    ])('%s keeps every change it acknowledged', async (_name, plan) => {
      const faults = new FileFaults(notes);
      const lines: string[] = [];
      await write(lines, 'first', 180, faults.environment(folder.path('store'), plan));
      const failed = faults.take().length;
      await write(lines, 'second', 15);

      const store = await openStore(folder.path('store'));

      const newest = new Map<string, { version: number; words: string }>();
      for (const [is, key, version, words] of lines.map((line) => line.split(' '))) {
        if (is === 'ok') newest.set(key!, { version: Number(version), words: words! });
      }
      for (const [key, { version, words }] of newest) {
        expect(store.get(key)).toMatchObject({ version, document: { words } });
        expect((await store.history(key))[0]).toMatchObject({ version });
      }
      expect(failed).toBeGreaterThan(0);
      expect(newest.size).toBe(2);
      expect(store.status()).toMatchObject({ lost: 0, documents: 2 });
      await store.close();
    });
  });
});

/** Has another process make changes; resolves when it ends. */
async function write(lines: string[], name: string, changes: number, env: Record<string, string> = {}): Promise<void> {
  const words = [WRITER, folder.path('store'), name, String(changes)];
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, words, { env: { ...process.env, ...env } }, (_error, stdout) => resolve(stdout));
  });
  lines.push(...said.split('\n'));
}
