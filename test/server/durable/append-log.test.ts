import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Folder } from '../../support/folder.ts';
import { bytesOf, openLog, readLog, SEGMENT_BYTES, storedIn } from '../../support/logs.ts';
import { runs } from '../../support/runs.ts';

const folder = new Folder();
const sizes = fc.array(fc.array(fc.nat(900), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });

describe('an append log', () => {
  it('reads what was appended in the order of calls, also after it was opened again', async () => {
    const log = await openLog(folder.path('log'));
    const appends = Array.from({ length: 100 }, (_, i) => log.append([Buffer.from(`${i}`), Buffer.from(`${i}'`)]));

    expect((await Promise.all(appends)).map(({ from }) => from)).toEqual(appends.map((_, i) => 1 + 2 * i));
    const before = await readLog(log);
    await log.close();
    const again = await openLog(folder.path('log'));

    expect(before.map((text) => text.replace("'", ''))).toEqual(appends.flatMap((_, i) => [`${i}`, `${i}`]));
    expect(await readLog(again)).toEqual(before);
    expect(await readLog(again, 3, 5)).toEqual(['1', "1'"]);
    expect(again.status()).toMatchObject({ records: 200, gaps: [], damage: { records: 0, bytes: 0, files: 0 } });
    expect(again.next).toBe(201);
    await again.close();
  });

  it('keeps any appends over any number of restarts, in files of a bounded size', async () => {
    let run = 0;
    const property = fc.asyncProperty(fc.array(sizes, { minLength: 1, maxLength: 4 }), async (sessions) => {
      const path = folder.path(`log-${run++}`);
      const expected: string[] = [];
      for (const [i, session] of sessions.entries()) {
        const log = await openLog(path);
        expect(await readLog(log)).toEqual(expected);
        const all = session.map((append, j) => append.map((size, k) => bytesOf(size, `${i}.${j}.${k}`)));
        expected.push(...all.flat().map(String));
        await Promise.all(all.map((payloads) => log.append(payloads)));
        expect(await readLog(log)).toEqual(expected);
        expect(log.segments().map(({ first }) => first)).toEqual([
          1,
          ...log
            .segments()
            .slice(0, -1)
            .map(({ end }) => end),
        ]);
        await log.close();
      }
      expect(readdirSync(path).filter((name) => readFileSync(join(path, name)).length > SEGMENT_BYTES)).toEqual([]);
    });
    await fc.assert(property, { numRuns: runs(20, 1000) });
  });

  it('that a crash tore has whole appends up to the first that is not, wherever it was torn', async () => {
    const path = folder.path('log');
    const log = await openLog(path);
    await log.append([bytesOf(40, 'synced')]);
    const begin = storedIn(path).at(-1)!.end;
    cpSync(path, folder.path('before'), { recursive: true }); // its header says what was synced
    const appends = [['a'], ['b1', 'b2', 'b3'], ['c']].map((names) => names.map((name) => bytesOf(20, name)));
    await Promise.all(appends.map((payloads) => log.append(payloads)));
    const stored = storedIn(path);
    await log.close();
    const name = stored[0]!.name;
    const whole = readFileSync(join(path, name));
    const header = readFileSync(folder.path(`before/${name}`)).subarray(0, 4096);

    for (let cut = begin; cut <= stored.at(-1)!.end; cut++) {
      const torn = Buffer.concat([header, whole.subarray(4096, cut), Buffer.alloc(SEGMENT_BYTES - cut)]);
      writeFileSync(folder.path(`before/${name}`), torn);
      const after = await openLog(folder.path('before'));
      const ends = [0, 1, 4, 5].filter((count) => stored[count]!.end <= cut);
      expect(await readLog(after), `${cut}`).toEqual(
        ['synced', ...appends.flat()]
          .slice(0, ends.at(-1)! + 1)
          .map((one, i) => (i === 0 ? `${bytesOf(40, 'synced')}` : `${one}`)),
      );
      expect(after.status()).toMatchObject({ gaps: [], damage: { files: 0 } });
      const { from } = await after.append([Buffer.from('next')]);
      expect(from).toBe(ends.at(-1)! + 2);
      expect((await readLog(after)).at(-1)).toBe('next');
      await after.close();
    }
  });

  it('serves what is not damaged exactly, nothing else, and names what is missing', async () => {
    const path = folder.path('log');
    const log = await openLog(path);
    for (let i = 0; i < 40; i++)
      await log.append(Array.from({ length: 1 + (i % 3) }, (_, j) => bytesOf((i * 97) % 700, `${i}.${j}`)));
    await log.close();
    const stored = storedIn(path);
    const files = [...new Set(stored.map(({ name }) => name))];
    expect(files.length).toBeGreaterThan(2);
    const places = fc.record({ file: fc.constantFrom(...files), at: fc.nat(SEGMENT_BYTES), length: fc.nat(3000) });
    const kinds = fc.constantFrom('flip', 'zero', 'delete', 'cut', 'noise');
    let run = 0;

    const property = fc.asyncProperty(
      fc.array(fc.tuple(kinds, places), { minLength: 1, maxLength: 3 }),
      async (damages) => {
        const copy = folder.path(`copy-${run++}`);
        cpSync(path, copy, { recursive: true });
        for (const [kind, { file, at, length }] of damages) {
          const bytes = readFileSync(join(copy, file));
          const end = kind === 'flip' ? at + 1 : kind === 'cut' ? bytes.length : Math.min(at + length, bytes.length);
          if (end <= at || at >= bytes.length) continue;
          writeFileSync(join(copy, file), hurtBytes(kind, bytes, at, end));
        }
        const kept = stored.filter(({ name, bytes }) => readFileSync(join(copy, name)).includes(bytes));
        const hurt = stored.filter((one) => !kept.includes(one)).map(({ sequence }) => sequence);
        const after = await openLog(copy);
        expect(await readLog(after)).toEqual(kept.map(({ payload }) => `${payload}`));
        const { gaps, damage, records } = after.status();
        const missing = gaps.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
        expect(missing.filter((sequence) => sequence < log.next)).toEqual(hurt);
        expect(records).toBe(kept.length);
        expect(damage.records).toBe(missing.length);
        if (hurt.length > 0) expect(readdirSync(join(copy, 'quarantine')).length).toBe(damage.files);
        const { from } = await after.append([Buffer.from('more')]);
        expect(from).toBeGreaterThanOrEqual(log.next);
        await after.close();
        const again = await openLog(copy);
        expect(await readLog(again)).toEqual([...kept.map(({ payload }) => `${payload}`), 'more']);
        await again.close();
        rmSync(copy, { recursive: true });
      },
    );
    await fc.assert(property, { numRuns: runs(100, 20_000) });
  });

  it('opens without some of its files, and names what was in them', async () => {
    const path = folder.path('log');
    const log = await openLog(path);
    for (let i = 0; i < 8; i++) await log.append([bytesOf(9000, `${i}`)]);
    await log.close();
    const [first, second, third] = storedIn(path).map(({ name }) => name);
    rmSync(join(path, first!));
    rmSync(join(path, third!));
    truncateSync(join(path, second!), 0);

    const after = await openLog(path);

    expect((await readLog(after)).map((text) => text.slice(0, 2))).toEqual(['3;', '4;', '5;', '6;', '7;']);
    expect(after.status()).toMatchObject({ gaps: [{ from: 1, to: 4 }], damage: { records: 3, files: 1 } });
    await after.close();
  });

  it('sees damage that comes while it is open, serves the rest, and says so', async () => {
    const path = folder.path('log');
    const log = await openLog(path);
    for (let i = 0; i < 30; i++) await log.append([bytesOf(900, `${i}`)]);
    const { name, end } = storedIn(path)[3]!;
    writeFileSync(join(path, name), hurtBytes('zero', readFileSync(join(path, name)), end - 10, end + 10));

    const left = (await readLog(log)).map((text) => Number.parseInt(text, 10));

    expect(left).toEqual(Array.from({ length: 30 }, (_, i) => i).filter((i) => i !== 3 && i !== 4));
    expect(log.status()).toMatchObject({ records: 28, gaps: [{ from: 4, to: 6 }], damage: { records: 2, files: 1 } });
    expect(readdirSync(join(path, 'quarantine'))).toEqual([name]);
    await log.close();
  });

  it('removes whole files of old records, for good', async () => {
    const path = folder.path('log');
    const log = await openLog(path);
    for (let i = 0; i < 40; i++) await log.append([bytesOf(900, `${i}`)]);
    const [first, second, third] = log.segments();
    expect(first).toEqual({ first: 1, end: 14, records: 13, isSealed: true });

    await log.removeBefore(third!.first + 1);

    expect(log.segments()[0]).toEqual(third);
    expect(await readLog(log, 1, third!.first)).toEqual([]);
    rmSync(join(path, storedIn(path)[0]!.name)); // which was not removed on purpose
    await log.close();
    const after = await openLog(path);
    expect(after.status().gaps).toEqual([{ from: second!.end, to: third!.end }]);
    await after.removeBefore(after.next);
    expect(after.segments()).toMatchObject([{ isSealed: false }]);
    expect(after.status().gaps).toEqual([]);
    await after.close();
  });

  it('refuses what is too large, and what is too much for it to wait', async () => {
    const log = await openLog(folder.path('log'), { segmentBytes: 6 << 20 });
    const big = Buffer.alloc(3 << 20);

    await expect(log.append([big, big])).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    const ends = await Promise.allSettled([1, 2, 3, 4].map(() => log.append([big])));

    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(log.status()).toMatchObject({ refused: 3, failed: 0, waitingBytes: 0, records: 2 });
    await log.close();
    await expect(log.append([Buffer.from('late')])).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });
});

function hurtBytes(kind: string, bytes: Buffer, at: number, end: number): Buffer {
  switch (kind) {
    case 'flip':
      bytes[at]! ^= 1 << (at % 8);
      return bytes;
    case 'zero':
      return bytes.fill(0, at, end);
    case 'noise':
      for (let i = at; i < end; i++) bytes[i]! ^= 1 + ((i * 31) % 255);
      return bytes;
    case 'delete':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    default:
      return bytes.subarray(0, at);
  }
}
