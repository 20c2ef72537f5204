import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackupList } from '../../server/cli/backup.ts';
import { ControlServer } from '../../server/http/control-server.ts';
import { runCommand } from '../support/command.ts';
import { makeDiagnoses } from '../support/diagnoses.ts';
import { Folder } from '../support/folder.ts';
import { channelInfo, historyWindows } from '../support/history-windows.ts';
import { noDefinitions } from '../support/no-definitions.ts';
import { readOffline } from '../support/offline-rows.ts';
import { RunningHistory } from '../support/running-history.ts';
import { silentLog } from '../support/silent-log.ts';
import { hasTool } from '../support/tools.ts';

const POLL = { interval: 20 };
const INFO = channelInfo('PMT-1');
const folder = new Folder();
let running: RunningHistory | undefined;
let control: ControlServer | undefined;

afterEach(stop);

describe('fenestra backup and restore', () => {
  it('has everything that was acknowledged before it began, while the stream goes on', async () => {
    await start();
    const stream = setInterval(sendSome, 10);
    let sent = 0;
    function sendSome() {
      running!.send(historyWindows(INFO, sent, sent + 20));
      sent += 20;
    }
    await expect.poll(() => running!.mark(INFO) ?? 0).toBeGreaterThan(1000);

    const acknowledged = running!.mark(INFO)! / INFO.window;
    const backup = await fenestra('backup', 'copy');
    clearInterval(stream);
    await stop();
    const restored = await fenestra('restore', 'copy', '--storage', folder.path('restored'));

    expect([backup.stderr, backup.status, restored.stderr, restored.status]).toEqual(['', 0, '', 0]);
    expect(existsSync(folder.path('data/history/snapshots/server_1'))).toBe(false);
    const windows = await readWindows(folder.path('restored/history'));
    expect(windows.length).toBeGreaterThanOrEqual(acknowledged);
    expect(windows).toEqual(Array.from(windows, (_, i) => i));
  });

  it('works on the directory of a stopped server, and refuses a folder that is there', async () => {
    await start();
    running!.send(historyWindows(INFO, 0, 500));
    await running!.stored(500);
    await stop();

    expect((await fenestra('backup', 'copy')).status).toBe(0);
    const again = await fenestra('backup', 'copy');

    expect([again.status, again.stderr]).toEqual([1, 'fenestra: copy exists, expected a folder that is to be made\n']);
    await fenestra('restore', 'copy', '--storage', folder.path('restored'));
    expect(await readWindows(folder.path('restored/history'))).toHaveLength(500);
  });

  it('has the diagnoses, sealed and not', async () => {
    await start();
    const runs = makeDiagnoses({ seed: 1, runs: 30, change: 0.1, odd: 0 }, 10n ** 18n);
    running!.history.takeDiagnoses(runs.slice(0, 20));
    const stored = () => {
      running!.clock.advance(1000); // they are written every second
      return running!.history.status().diagnoses.stored;
    };
    await expect.poll(stored, POLL).toBe(20);
    await running!.pass(3_600_000);
    running!.history.takeDiagnoses(runs.slice(20));
    await expect.poll(() => running!.history.status().diagnoses.waiting, POLL).toBe(10);

    await stop(); // writes them
    await fenestra('backup', 'copy');
    await fenestra('restore', 'copy', '--storage', folder.path('restored'));

    running = await RunningHistory.start(folder.path('restored/history'));
    const range = { channel: 'lamp', fromNs: 0n, toNs: 2n * 10n ** 18n, columns: 100 };
    const found = await running.history.readDiagnoses((reader) => reader.range(range));
    const count = found.form === 'spans' ? found.spans.reduce((sum, span) => sum + span.count, 0) : 0;
    expect(count).toBe(30);
  });

  it.skipIf(!hasTool('mkfifo'))('has no record without its samples, whatever ends and goes meanwhile', async () => {
    await start();
    await stop();
    const captures = folder.path('data/captures');
    mkdirSync(captures);
    for (const id of ['awaited', 'ends', 'goes', 'stays']) store(id, 'ready');
    store('ends', 'recording');
    renameSync(join(captures, 'ends.sigmf-data'), join(captures, 'ends.sigmf-data.partial'));
    rmSync(join(captures, 'awaited.sigmf-data'));
    execFileSync('mkfifo', [join(captures, 'awaited.sigmf-data')]); // the copy waits for it

    const backup = fenestra('backup', 'copy');
    await expect.poll(() => existsSync(folder.path('copy.partial/captures/awaited.sigmf-data')), POLL).toBe(true);
    renameSync(join(captures, 'ends.sigmf-data.partial'), join(captures, 'ends.sigmf-data'));
    store('ends', 'ready');
    for (const name of readdirSync(captures)) if (name.startsWith('goes')) rmSync(join(captures, name));
    writeFileSync(join(captures, 'awaited.sigmf-data'), 'samples');

    expect(await backup).toMatchObject({ stderr: '', status: 0 });
    const whole = (id: string) => [`${id}.fenestra-overview`, `${id}.json`, `${id}.sigmf-data`, `${id}.sigmf-meta`];
    const found = readdirSync(folder.path('copy/captures'));
    expect(found.sort()).toEqual([...whole('awaited'), ...whole('stays')]);
    const listed = JSON.parse(readFileSync(folder.path('copy/backup.json'), 'utf8')) as BackupList;
    expect(listed.files.filter(({ path }) => path.startsWith('captures/'))).toHaveLength(found.length);
  });

  it('restores nothing of a damaged backup, and nothing over what is there', async () => {
    await start();
    running!.send(historyWindows(INFO, 0, 500));
    await running!.stored(500);
    await stop();
    await fenestra('backup', 'copy');

    const full = await fenestra('restore', 'copy');
    const database = folder.path('copy/history/catalogue.duckdb');
    const content = readFileSync(database);
    content[content.length >> 1]! ^= 1;
    writeFileSync(database, content);
    const damaged = await fenestra('restore', 'copy', '--storage', folder.path('restored'));

    expect([full.status, full.stderr]).toEqual([1, expect.stringContaining('is not empty (it holds ')]);
    expect([damaged.status, damaged.stderr]).toEqual([1, expect.stringContaining('the backup is damaged')]);
    expect([existsSync(folder.path('restored')), existsSync(folder.path('restored.partial'))]).toEqual([false, false]);
  });
});

/** What a server keeps of a recording, as far as a backup looks at it. */
function store(id: string, state: string): void {
  for (const ending of ['sigmf-data', 'sigmf-meta', 'fenestra-overview'])
    folder.write(`data/captures/${id}.${ending}`, 'samples');
  folder.write(`data/captures/${id}.json`, JSON.stringify({ id, state }));
}

async function start(): Promise<void> {
  running = await RunningHistory.start(folder.path('data/history'));
  const { history } = running;
  const calls = {
    snapshot: () => history.snapshot(),
    dropSnapshot: (path: string) => history.dropSnapshot(path),
    definitions: noDefinitions(),
  };
  control = ControlServer.start(folder.path('data'), calls, silentLog());
  running.open(INFO);
}

async function stop(): Promise<void> {
  await control?.close();
  await running?.close();
  control = undefined;
  running = undefined;
}

function fenestra(...args: string[]) {
  const storage = args.includes('--storage') ? [] : ['--storage', 'data'];
  return runCommand([...args, ...storage], folder.path());
}

async function readWindows(path: string): Promise<number[]> {
  return (await readOffline(path, 'PMT-1', 0)).map(({ window }) => window);
}
