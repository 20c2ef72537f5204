import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DefinitionsReply } from '../../server/wire/definition-replies.ts';
import { runCommand } from '../support/command.ts';
import { startServer, type TestServer } from '../support/server.ts';

const MORE = `
[definitions.channel-stale-slow]
inherits = "channel-stale"
channels = ["slow-*", "view.a"]
condition = { kind = "stale", seconds = 60 }
`;
const WRONG = `${MORE}
[definitions.last]
inherits = "nowhere"
priority = "urgent"
`;

// One server, and then its storage directory without it.
describe('definitions of alarms', () => {
  let folder: string;
  let server: TestServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fenestra-alarms-'));
    server = await startServer({ storage: { directory: path('data') }, channels: { 'view.a': {}, 'view.b': {} } });
    writeFileSync(path('more.toml'), MORE);
    writeFileSync(path('wrong.toml'), WRONG);
  });
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('begin with those that come with the program, and make alarms', async () => {
    const { definitions, faults, channels } = await list();

    expect([faults, channels]).toEqual([[], ['view.a', 'view.b']]);
    expect(definitions.find(({ definition: { id } }) => id === 'channel-stale')).toMatchObject({
      version: 1,
      alarms: 2,
    });
    expect(await tags()).toContain('channel-stale:view.a');
  });

  it('are changed over REST by who signs it, at once', async () => {
    const { definition, version } = (await list()).definitions.find((one) => one.definition.id === 'channel-clipped')!;
    const body = { expectedVersion: version, definition: { ...definition, channels: ['view.b'] }, comment: '눈부심' };
    const put = (headers: Record<string, string>) =>
      fetch(url('/api/alarms/definitions/channel-clipped'), {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });

    expect((await put({})).status).toBe(400);
    const made = await put({ 'fenestra-person': encodeURIComponent('김') });
    const late = await put({ 'fenestra-person': 'Park' });

    expect([made.status, await made.json()]).toMatchObject([200, { version: 2, by: '김', alarms: 1 }]);
    expect([late.status, await late.json()]).toMatchObject([409, { details: { current: { version: 2, by: '김' } } }]);
    expect((await tags()).filter((tag) => tag.startsWith('channel-clipped'))).toEqual(['channel-clipped:view.b']);
    const history = (await (await fetch(url('/api/alarms/definitions/channel-clipped/history'))).json()) as object;
    expect(history).toMatchObject({
      versions: [
        { version: 2, comment: '눈부심' },
        { version: 1, by: 'Fenestra' },
      ],
    });
  });

  it('are checked in files, without a server', async () => {
    const wrong = await alarms('check', 'wrong.toml');
    const alone = await alarms('check', 'more.toml');

    expect([wrong.status, wrong.stdout]).toEqual([
      1,
      'WRONG  wrong.toml: line 9, last: priority is "urgent", expected one of critical, high, medium, low\n',
    ]);
    expect(alone.stdout).toBe(
      'WRONG  more.toml: line 3, channel-stale-slow: channel-stale-slow inherits from channel-stale, which there is not\n',
    );
  });

  it('are imported from a file while the server runs, all of it or nothing', async () => {
    const wrong = await alarms('import', 'wrong.toml', '--storage', path('data'));
    const seen = await alarms('import', 'more.toml', '--storage', path('data'), '--dry-run');
    expect((await tags()).filter((tag) => tag.includes('slow'))).toEqual([]);
    const taken = await alarms('import', 'more.toml', '--storage', path('data'));

    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('line 9, last: priority is "urgent"')]);
    expect([seen.stderr, seen.stdout]).toEqual([
      '',
      '1 definitions would be added, 0 changed, 0 removed; 0 unchanged\n  added: channel-stale-slow\n',
    ]);
    expect([taken.status, taken.stdout]).toEqual([0, expect.stringContaining('1 definitions are added')]);
    expect((await tags()).filter((tag) => tag.startsWith('channel-stale'))).toEqual([
      'channel-stale-slow:view.a',
      'channel-stale:view.b',
    ]);
  });

  it('are the same in an export of the command and of the page, and in a backup, also without a server', async () => {
    const page = await (await fetch(url('/api/alarms/definitions.toml'))).text();
    const running = await alarms('export', '--storage', path('data'));
    const backup = await runCommand(['backup', 'copy', '--storage', path('data')], folder);
    await server.close();
    const stopped = await alarms('export', '-o', 'all.toml', '--storage', path('data'));
    const restore = await runCommand(['restore', 'copy', '--storage', path('restored')], folder);
    const restored = await alarms('export', '--storage', path('restored'));

    expect([running.stderr, backup.stderr, stopped.stderr, restore.stderr, restored.stderr]).toEqual(Array(5).fill(''));
    expect(running.stdout).toBe(page);
    expect(readFileSync(path('all.toml'), 'utf8')).toBe(page);
    expect(restored.stdout).toBe(page);
    expect(existsSync(path('restored/alarms/journal'))).toBe(true);
  });

  it('are imported without a server, and are none where no server has begun', async () => {
    const kept = await alarms('import', 'all.toml', '--replace', '--storage', path('data'));
    const nowhere = await alarms('export', '--storage', path('nowhere'));

    expect(kept.stdout).toMatch(/^0 definitions are added, 0 changed, 0 removed; \d+ unchanged\n$/);
    expect(nowhere.status).toBe(1);
  });

  const path = (name: string) => join(folder, name);
  const url = (to: string) => server.url + to;
  const alarms = (...args: string[]) => runCommand(['alarms', ...args], folder);
  const list = async () => (await (await fetch(url('/api/alarms/definitions'))).json()) as DefinitionsReply;
  const tags = async () => {
    const { alarms: all } = (await (await fetch(url('/api/alarms?all=true'))).json()) as { alarms: { tag: string }[] };
    return all.map(({ tag }) => tag).sort();
  };
});
