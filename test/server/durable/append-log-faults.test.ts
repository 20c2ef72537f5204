import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { type FaultPlan, FileFaults } from '../../support/file-faults.ts';
import { Folder } from '../../support/folder.ts';
import { expectWritten, LogWriter } from '../../support/log-writer.ts';
import { bytesOf, openLog, readLog, SEGMENT_BYTES } from '../../support/logs.ts';
import { runs } from '../../support/runs.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { canMount, hasTool } from '../../support/tools.ts';

const READER = fileURLToPath(new URL('../../support/log-reader.mjs', import.meta.url));
const KILLS = runs(20, 500);
const folder = new Folder();
let notes: string;

beforeEach(() => {
  notes = mkdtempSync(join(tmpdir(), 'fenestra-'));
});
afterEach(() => rmSync(notes, { recursive: true }));

describe('a process that writes a log', () => {
  it('and is killed at any moment loses nothing that was acknowledged', async () => {
    const random = seededRandom(1);
    const lines: string[] = [];
    for (let run = 0; run < KILLS; run++) {
      const writer = new LogWriter(folder.path('log'), { name: `${run}`, appends: Infinity, lines });
      await writer.says(1 + Math.floor(random() * 150));
      await writer.kill();
    }

    const { acknowledged } = await expectWritten(folder.path('log'), lines);

    console.log(`${KILLS} kills: ${acknowledged} appends acknowledged, 0 lost`);
    expect(acknowledged).toBeGreaterThan(KILLS * 20);
  });

  describe.skipIf(!hasTool('gcc'))('on a disk that fails', () => {
    it('and is killed amid a write leaves whole appends', async () => {
      const faults = new FileFaults(notes);
      const lines: string[] = [];
      for (let at = 1; at <= 8; at++) {
        const plan: FaultPlan = { calls: ['write', 'rename'], path: '*.log', at: 4 * at + 5, action: 'kill' };
        const env = faults.environment(folder.path('log'), plan);
        await new LogWriter(folder.path('log'), { name: `${at}`, appends: 1000, env, lines }).ended;
      }

      await expectWritten(folder.path('log'), lines);
      expect(faults.take()).toHaveLength(8);
      expect(lines.at(-1)).not.toBe('end');
    });

    it.each<[string, FaultPlan]>([
      ['writes', { calls: ['write'], every: 5, count: Infinity, action: ['EIO', 'ENOSPC'] }],
      ['syncs', { calls: ['fsync'], every: 4, count: Infinity, action: ['EIO', 'ENOSPC'] }],
      ['opens', { calls: ['open'], every: 2, count: Infinity, action: ['EMFILE', 'EIO'] }],
      ['renames', { calls: ['rename'], every: 2, count: Infinity, action: ['ENOSPC', 'EIO'] }],
      ['cuts', { calls: ['truncate'], count: Infinity, action: ['EIO'] }],
      ['syncs and cuts', { calls: ['fsync', 'truncate'], every: 5, count: Infinity, action: ['EIO'] }],
      [
        'calls of all kinds',
        {
          calls: ['write', 'fsync', 'open', 'rename', 'truncate'],
          every: 7,
          count: Infinity,
          action: ['EIO', 'ENOSPC', 'EMFILE'],
        },
      ],
    ])('and has failing %s keeps what it acknowledged, and nothing that it refused', async (_name, plan) => {
      const faults = new FileFaults(notes);
      const env = faults.environment(folder.path('log'), plan);
      const writer = new LogWriter(folder.path('log'), { name: 'a', appends: 300, env });
      await writer.ended;

      const { acknowledged, refused } = await expectWritten(folder.path('log'), writer.lines);

      console.log(`${faults.take().length} calls failed: ${acknowledged} appends taken, ${refused} refused`);
      expect(writer.lines.at(-1)).toBe('end');
      expect(acknowledged + refused).toBeGreaterThan(300);
    });

    it('and is killed while it refuses everything has nothing of what it refused', async () => {
      const faults = new FileFaults(notes);
      const plan: FaultPlan = { calls: ['fsync', 'rename'], path: '*.log', at: 30, count: Infinity, action: ['EIO'] };
      const env = faults.environment(folder.path('log'), plan);
      const writer = new LogWriter(folder.path('log'), { name: 'a', appends: Infinity, env });
      while (!writer.lines.some((line) => line.startsWith('no'))) await writer.says(1);
      await writer.kill();

      const { acknowledged } = await expectWritten(folder.path('log'), writer.lines);

      expect(acknowledged).toBeGreaterThan(0);
    });

    it('opens without the blocks that the disk does not read, and has them again when it does', async () => {
      const log = await openLog(folder.path('log'));
      for (let i = 0; i < 12; i++) await log.append([bytesOf(900, `${i}`)]);
      await log.close();
      const faults = new FileFaults(notes);
      const plan: FaultPlan = { calls: ['read'], path: '*/0*.log', count: 3, action: ['EIO'] };
      const env = { ...process.env, ...faults.environment(folder.path('log'), plan) };

      const said = execFileSync(process.execPath, [READER, folder.path('log')], { env, encoding: 'utf8' });

      // The whole file, then its header and its next block; with the header, which numbers were given is not known.
      const mostRecords = Math.floor((SEGMENT_BYTES - 4096) / 28);
      const gaps = [
        { from: 1, to: 6 },
        { from: 13, to: 1 + mostRecords },
      ];
      expect(JSON.parse(said)).toEqual({ left: Array.from({ length: 12 }, (_, i) => i), gaps });
    });

    it('syncs once for all appends that wait, so that they fail together, and goes on with the next', async () => {
      const faults = new FileFaults(notes);
      const env = faults.environment(folder.path('log'), {
        calls: ['fsync'],
        path: '*/0*.log',
        at: 2,
        action: ['EIO'],
      });
      const writer = new LogWriter(folder.path('log'), {
        name: 'a',
        appends: 100,
        lanes: 50,
        segmentBytes: 1 << 20,
        env,
      });
      await writer.ended;

      const { acknowledged, refused } = await expectWritten(folder.path('log'), writer.lines);

      expect({ acknowledged, refused }).toEqual({ acknowledged: 51, refused: 50 });
    });
  });
});

describe.skipIf(!canMount())('a log on a full disk', () => {
  afterEach(() => execFileSync('umount', [folder.path('disk')]));

  it('takes appends into its allocated room, refuses what has none, and goes on when there is room again', async () => {
    const disk = folder.path('disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
    const clock = new FakeClock();
    const log = await openLog(join(disk, 'log'), { clock });
    await expect.poll(() => log.status().roomBytes).toBe(2 * (SEGMENT_BYTES - 4096));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));

    const taken: string[] = [];
    const append = async (payload: Buffer) => {
      await log.append([payload]);
      taken.push(`${payload}`);
    };
    const fill = async () => {
      for (let i = 0; i < 100; i++) await append(bytesOf(900, `${taken.length}`));
    };
    await expect(fill()).rejects.toMatchObject({ code: 'STORAGE_FAILED', message: expect.stringContaining('ENOSPC') });
    expect(taken).toHaveLength(26);
    expect(log.status()).toMatchObject({ failed: 1, problem: expect.stringContaining('ENOSPC') });
    await append(Buffer.from('small'));

    rmSync(join(disk, 'filler'));
    await append(bytesOf(900, 'again'));
    expect(log.status().problem).toBeUndefined();
    expect(await readLog(log)).toEqual(taken);
    await log.close();
    const after = await openLog(join(disk, 'log'));
    expect(await readLog(after)).toEqual(taken);
    await after.close();
  });
});
