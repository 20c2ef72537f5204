import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
});

function sha512(bytes: Buffer): string {
  return createHash('sha512').update(bytes).digest('hex');
}
