import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BACKUP_LIST, type BackupList } from '../../server/cli/backup.ts';
import { COMMAND, runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';
import { channelInfo, historyWindows } from '../support/history-windows.ts';
import { readOffline } from '../support/offline-rows.ts';
import { RunningHistory } from '../support/running-history.ts';
import { startServer } from '../support/server.ts';
import { hasTool } from '../support/tools.ts';

const WINDOWS = 500;
const folder = new Folder();
let restoring: ChildProcess | undefined;

beforeEach(async () => {
  const info = channelInfo('PMT-1');
  const running = await RunningHistory.start(folder.path('data/history'));
  running.open(info);
  running.send(historyWindows(info, 0, WINDOWS));
  await running.stored(WINDOWS);
  await running.close();
  mkdirSync(folder.path('data/captures'));
  folder.write('data/captures/one.json', '{}');
  await runCommand(['backup', 'copy', '--storage', 'data'], folder.path());
});
afterEach(() => restoring?.kill('SIGKILL'));

describe('fenestra restore', () => {
  it('fills a directory that is there, as the root of a volume is, and leaves it in its place', async () => {
    mkdirSync(folder.path('volume/lost+found'), { recursive: true });
    const { ino } = statSync(folder.path('volume'));

    const { stderr, status } = await restore('volume');

    expect([stderr, status]).toEqual(['', 0]);
    expect(statSync(folder.path('volume')).ino).toBe(ino);
    expect(readdirSync(folder.path('volume')).sort()).toEqual(['captures', 'history', 'lost+found']);
    expect(await readRows('volume')).toBe(WINDOWS);
  });

  it.skipIf(!hasTool('mkfifo'))('that was killed is no history to anybody until it is done again', async () => {
    const last = lastFile();
    renameSync(last, `${last}.whole`);
    execFileSync('mkfifo', [last]); // the copy waits for it, with everything before it there
    await killWhileItCopies('volume');
    rmSync(last);
    renameSync(`${last}.whole`, last);
    const said = `a restore into ${folder.path('volume')} has not been finished`;

    const copied = await runCommand(['backup', 'second', '--storage', 'volume'], folder.path());
    expect([copied.stderr, copied.status]).toEqual([expect.stringContaining(said), 1]);
    const server = await startServer({ storage: { directory: folder.path('volume') } });
    const health = await fetch(`${server.url}/healthz`);
    const isSaid = expect.stringContaining(said); // by the history, the recordings and the alarms
    expect(await health.json()).toMatchObject({ problems: [isSaid, isSaid, isSaid] });
    expect(await server.close()).toBe(0);
    expect(readdirSync(folder.path('volume'))).toEqual(['restoring']);

    const { stderr, status } = await restore('volume');

    expect([stderr, status]).toEqual(['', 0]);
    expect(readdirSync(folder.path('volume')).sort()).toEqual(['captures', 'history']);
    expect(await readRows('volume')).toBe(WINDOWS);
  });
});

function restore(name: string) {
  return runCommand(['restore', 'copy', '--storage', name], folder.path());
}

async function killWhileItCopies(name: string): Promise<void> {
  const child = spawn(process.execPath, [COMMAND, 'restore', 'copy', '--storage', name], {
    cwd: folder.path(),
    stdio: 'ignore',
  });
  restoring = child;
  const files = () => {
    const at = folder.path(name);
    return existsSync(at) ? readdirSync(at, { recursive: true, withFileTypes: true }).filter((it) => it.isFile()) : [];
  };
  await expect.poll(files).toHaveLength(backupList().files.length);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

// The recordings come last in the list of a backup.
function lastFile(): string {
  const list = backupList();
  expect(list.files.at(-1)?.path).toBe('captures/one.json');
  return folder.path('copy/captures/one.json');
}

function backupList(): BackupList {
  return JSON.parse(readFileSync(folder.path(`copy/${BACKUP_LIST}`), 'utf8')) as BackupList;
}

async function readRows(name: string): Promise<number> {
  return (await readOffline(folder.path(`${name}/history`), 'PMT-1', 0)).length;
}
