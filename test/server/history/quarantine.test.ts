import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { Quarantine } from '../../../server/history/quarantine.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';

const FILE_BYTES = 1000;
const folder = new Folder();
let quarantine: Quarantine;

beforeEach(async () => {
  quarantine = await open({ bytes: 100 * FILE_BYTES, cases: 100 });
});

describe('Quarantine', () => {
  it('holds what was damaged as it was found, with a text that says why', async () => {
    folder.write('a.parquet', 'as it was found');

    await quarantine.move([folder.path('a.parquet'), folder.path('gone')], { atMs: 0, what: 'a', why: 'cut', rows: 3 });

    expect(existsSync(folder.path('a.parquet'))).toBe(false);
    const [text, file] = lying().reverse();
    expect(JSON.parse(content(text!))).toEqual({ atMs: 0, what: 'a', why: 'cut', rows: 3, files: [file] });
    expect(content(file!)).toBe('as it was found');
    expect(quarantine.status()).toEqual({ cases: 1, bytes: content(text!).length + 15, removed: 0 });
  });

  it('lets copies of what is still in use go first, then what was moved, the oldest first', async () => {
    quarantine = await open({ bytes: 100 * FILE_BYTES, cases: 3 });
    await move(1);
    await copy(2);
    await move(3);
    await copy(4);
    expect(cases()).toEqual(['move-1', 'move-3', 'copy-4']);

    await move(5);
    expect(cases()).toEqual(['move-1', 'move-3', 'move-5']);
    await copy(6);

    expect(cases()).toEqual(['move-3', 'move-5', 'copy-6']);
    expect(quarantine.status()).toMatchObject({ cases: 3, removed: 3 });
  });

  it('takes no more bytes than it may, but for the newest case', async () => {
    quarantine = await open({ bytes: 3.9 * FILE_BYTES, cases: 100 });
    for (let i = 1; i <= 5; i++) await move(i);
    expect(cases()).toEqual(['move-3', 'move-4', 'move-5']);
    expect(quarantine.status().bytes).toBeLessThan(3.9 * FILE_BYTES);

    await move(6, 10 * FILE_BYTES);

    expect(cases()).toEqual(['move-6']);
  });

  it('keeps within its bounds after a restart, and leaves what is not its own', async () => {
    for (let i = 1; i <= 4; i++) await copy(i);
    folder.write('quarantine/notes of an engineer.txt', 'x');

    const next = await open({ bytes: 100 * FILE_BYTES, cases: 2 });

    expect(cases()).toEqual(['copy-3', 'copy-4']);
    expect(next.status()).toMatchObject({ cases: 2, removed: 2 });
    expect(lying()).toContain('notes of an engineer.txt');
  });

  it('says so where a copy cannot be made, and goes on', async () => {
    folder.write('quarantine', 'in the way of the folder');

    await copy(1);

    expect(quarantine.status().cases).toBe(0);
  });
});

function open(limits: { bytes: number; cases: number }): Promise<Quarantine> {
  return Quarantine.open({ folder: folder.path('.'), log: silentLog(), limits });
}

function move(number: number, bytes = FILE_BYTES): Promise<void> {
  folder.write(`move-${number}`, 'x'.repeat(bytes));
  return quarantine.move([folder.path(`move-${number}`)], { atMs: number * 1000, what: 'a file', why: 'damaged' });
}

function copy(number: number): Promise<void> {
  folder.write(`copy-${number}`, 'x'.repeat(FILE_BYTES));
  return quarantine.copy(folder.path(`copy-${number}`), { atMs: number * 1000, what: 'a log', why: 'torn' });
}

function lying(): string[] {
  return readdirSync(folder.path('quarantine')).sort();
}

/** What lies there, the oldest first. */
function cases(): string[] {
  return lying().flatMap((name) => /(move|copy)-\d+$/.exec(name)?.[0] ?? []);
}

function content(name: string): string {
  return readFileSync(folder.path(`quarantine/${name}`), 'utf8');
}
