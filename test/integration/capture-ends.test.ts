import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';
import { CaptureFixture, EPOCH_MS, sendSamples } from '../support/capture-fixture.ts';

const fixture = new CaptureFixture();

describe('a recording', () => {
  it('that was half written when the server was killed is listed as failed, and nothing else is lost', async () => {
    await fixture.start();
    let device = await fixture.open('c');
    await sendSamples(device, 0, 50_000);
    const whole = await fixture.client.over(
      (await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + 100 })).id,
    );
    const half = await fixture.client.begin({ channel: 'c', beforeSeconds: 0.2, afterSeconds: 10 });
    await sendSamples(device, 50_000, 50_000);
    fixture.server.kill('SIGKILL');
    await fixture.server.ended;
    writeFileSync(fixture.folder.path('captures/damaged.json'), '{"id":"damag');

    await fixture.start();

    expect(await fixture.client.find(half.id)).toMatchObject({
      state: 'failed',
      samples: 0,
      note: expect.stringContaining('ended'),
    });
    expect(await fixture.client.find(whole.id)).toEqual(whole);
    expect((await fixture.client.list()).total).toBe(2);
    expect(readdirSync(fixture.folder.path('captures/quarantine'))).toEqual(['damaged.json', 'damaged.why.txt']);
    expect(readdirSync(fixture.folder.path('captures')).filter((name) => name.startsWith(half.id))).toEqual([
      `${half.id}.json`,
    ]);
    expect(sha512(await fixture.client.bytes(whole.id, 'data'))).toBe(whole.sha512);
    expect((await fixture.client.file(half.id, 'data')).status).toBe(404);
    device = await fixture.open('c');
    await sendSamples(device, 0, 50_000);
    expect((await fixture.client.begin({ channel: 'c' })).state).toBe('recording');
  });

  it('under way when the server stops is ended with what there is', async () => {
    await fixture.start();
    const device = await fixture.open('c');
    await sendSamples(device, 0, 50_000);
    const { id } = await fixture.client.begin({ channel: 'c', beforeSeconds: 0.2, afterSeconds: 10 });
    await fixture.server.close();

    await fixture.start();

    const capture = await fixture.client.find(id);
    expect(capture).toMatchObject({
      state: 'ready',
      samples: 20_001,
      note: expect.stringContaining('the server was stopped'),
    });
    expect(sha512(await fixture.client.bytes(id, 'data'))).toBe(capture.sha512);
  });

  it('whose files are not as they were recorded is not served, is listed as damaged, and its bytes are counted', async () => {
    await fixture.start();
    const device = await fixture.open('c');
    await sendSamples(device, 0, 50_000);
    const ids: Record<string, string> = {};
    for (const what of ['whole', 'cut', 'turned', 'longer', 'unread', 'later']) {
      const range = { fromMs: EPOCH_MS, toMs: EPOCH_MS + 100 };
      ids[what] = (await fixture.client.over((await fixture.client.begin({ channel: 'c', ...range })).id)).id;
    }
    await fixture.stop();
    const path = (what: string, ending: string) => fixture.folder.path(`captures/${ids[what]}.${ending}`);
    truncateSync(path('cut', 'sigmf-data'), 1000);
    turnByte(path('turned', 'sigmf-data'));
    appendFileSync(path('longer', 'fenestra-overview'), 'x');
    writeFileSync(path('unread', 'json'), '{"id":"unre');

    await fixture.start();

    expect(await fixture.client.find(ids.cut!)).toMatchObject({
      state: 'failed',
      bytes: 20_000,
      note: 'its samples are damaged: 1000 bytes, expected 20000',
    });
    for (const what of ['cut', 'turned', 'longer']) {
      for (const name of ['data', 'overview', 'meta', 'download?as=npy', 'download?as=sigmf']) {
        const reply = await fixture.client.file(ids[what]!, name);
        expect([what, name, reply.status, await reply.json()]).toMatchObject([
          what,
          name,
          410,
          { code: 'CAPTURE_DAMAGED' },
        ]);
        expect(reply.headers.get('cache-control')).toBe('no-store');
      }
    }
    expect(await fixture.client.find(ids.turned!)).toMatchObject({
      state: 'failed',
      note: expect.stringContaining('sha512'),
    });

    expect((await fixture.client.file(ids.unread!, 'data')).status).toBe(404);
    expect(existsSync(path('unread', 'sigmf-data'))).toBe(false);
    const aside = (ending: string) => fixture.folder.path(`captures/quarantine/${ids.unread}.${ending}`);
    expect(readFileSync(aside('why.txt'), 'utf8')).toMatch(/^its record .* is damaged: /);
    expect(sha512(readFileSync(aside('sigmf-data')))).toBe((await fixture.client.find(ids.whole!)).sha512);
    expect((await fixture.client.list()).bytes).toBeGreaterThan(6 * 20_000);

    const whole = await fixture.client.file(ids.whole!, 'data');
    expect(whole.headers.get('cache-control')).toContain('immutable');
    expect((await fixture.client.file(ids.later!, 'data')).status).toBe(200);
    turnByte(path('later', 'sigmf-data'));
    expect((await fixture.client.file(ids.later!, 'data')).status).toBe(410);
    const { recording } = (await (await fetch(`${fixture.server.url}/api/system`)).json()) as SystemReply;
    expect(recording.damaged).toBe(5);
  });
});

function turnByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[7]! ^= 1;
  writeFileSync(path, bytes);
}

function sha512(bytes: Buffer): string {
  return createHash('sha512').update(bytes).digest('hex');
}
