import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../server/base/log.ts';
import { SESSION_MS, Sessions } from '../../../server/http/sessions.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';

const DAY_MS = 86_400_000;
const LIMIT = 1000;

const folder = new Folder();
const clock = new FakeClock();
const lines: string[] = [];
const log = createLog('test', 'warn', { write: (line) => void lines.push(line) });

describe('sessions', () => {
  it('are known by a token of 256 bits, of which nothing is on the disk', async () => {
    const sessions = await open();
    const tokens = [await sessions.begin(), await sessions.begin()];

    expect(tokens.map((token) => [sessions.has(token), Buffer.from(token, 'base64url').length])).toEqual([
      [true, 32],
      [true, 32],
    ]);
    expect(tokens[0]).not.toBe(tokens[1]);
    const kept = readFileSync(folder.path('data/sessions.json'), 'utf8');
    for (const token of [...tokens, 'a long secret']) expect(kept).not.toContain(token);
    expect(statSync(folder.path('data/sessions.json')).mode & 0o777).toBe(0o600);
    expect(['', 'x', tokens[0]!.slice(1), `${tokens[0]}a`].map((token) => sessions.has(token))).not.toContain(true);
  });

  it('survive a restart, but not another secret', async () => {
    const token = await (await open()).begin();

    expect((await open()).has(token)).toBe(true);
    expect((await open('another secret')).has(token)).toBe(false);
  });

  it('end when they are left, here and after a restart', async () => {
    const sessions = await open();
    const [token, other] = [await sessions.begin(), await sessions.begin()];

    await sessions.end(token);

    for (const each of [sessions, await open()]) expect([each.has(token), each.has(other)]).toEqual([false, true]);
  });

  it('end 30 days after they were used last, which moves once a day', async () => {
    const sessions = await open();
    const [used, unused] = [await sessions.begin(), await sessions.begin()];

    clock.advance(DAY_MS - 1);
    expect(sessions.renew(used)).toBe(false);
    clock.advance(1);
    expect(sessions.renew(used)).toBe(true);
    expect(sessions.renew(used)).toBe(false);

    clock.advance(SESSION_MS - DAY_MS);
    expect([sessions.has(used), sessions.has(unused)]).toEqual([true, false]);
    await sessions.close();
    expect((await open()).has(used)).toBe(true);
    clock.advance(DAY_MS);
    expect(sessions.has(used)).toBe(false);
    expect(sessions.renew(used)).toBe(false);
  });

  it('last no longer than that where the clock was set back meanwhile', async () => {
    clock.advance(365 * DAY_MS);
    const token = await (await open()).begin();
    clock.advance(-365 * DAY_MS);
    const sessions = await open();

    expect(sessions.has(token)).toBe(true);
    clock.advance(SESSION_MS);
    expect(sessions.has(token)).toBe(false);
  });

  it('are so many at most, and the one that was not used for the longest goes', async () => {
    const sessions = await open('a long secret', '/dev/null/none');
    const tokens = await Promise.all(Array.from({ length: LIMIT }, () => sessions.begin()));
    clock.advance(DAY_MS);
    sessions.renew(tokens[0]!);

    await sessions.begin();

    expect([tokens[0]!, tokens[1]!, tokens[2]!].map((token) => sessions.has(token))).toEqual([true, false, true]);
    expect(sessions.status()).toEqual({ sessions: LIMIT, crowdedOut: 1 });
  });

  it('go on where they cannot be kept, which the log says', async () => {
    lines.length = 0;
    const sessions = await open('a long secret', '/dev/null/none/sessions.json');

    expect(sessions.has(await sessions.begin())).toBe(true);
    expect(lines.join()).toContain('not kept over a restart');
  });

  it.each(['', '{', '[]', '{"format":2,"sessions":[]}', '{"format":1,"sessions":[{"digest":"x","untilMs":1}]}'])(
    'begin anew where the file holds %j, which the log says',
    async (content) => {
      lines.length = 0;
      const path = folder.write('sessions.json', content);
      const sessions = await open('a long secret', path);

      expect(lines.join()).toContain('cannot be read');
      const token = await sessions.begin();
      expect((await open('a long secret', path)).has(token)).toBe(true);
    },
  );
});

function open(secret = 'a long secret', path = folder.path('data/sessions.json')): Promise<Sessions> {
  return Sessions.open({ path, secret, clock, log });
}
