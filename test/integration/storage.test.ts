import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { startServer } from '../support/server.ts';

const HELLO = {
  'fenestra:channel': 'etch-1',
  'fenestra:stream': 'run',
  'core:sample_rate': 10_000,
  'fenestra:window': 10,
};
const folder = new Folder();

describe('the storage directory', () => {
  it('is one server’s at a time: another one says whose it is, and ends', async () => {
    const storage = { directory: folder.path('data') };
    const first = await startServer({ storage });

    const second: unknown = await startServer({ storage }).catch((error: unknown) => error);

    expect(String(second)).toContain(`ended with 1`);
    expect(String(second)).toContain(`${join(folder.path('data'), 'history')} is in use by process ${first.pid}`);
    expect(await first.close()).toBe(0);
    const third = await startServer({ storage }); // which is free again
    expect(await third.close()).toBe(0);
  });

  it('that cannot be used leaves a server without a past, which says so and measures', async () => {
    const directory = join(folder.write('a-file', ''), 'data');
    const server = await startServer({ storage: { directory } });
    const device = await Device.open(server.ingest, HELLO);
    const credit = Number(device.answer?.credit_bytes);

    device.frame(0, new Int16Array(100));

    await expect.poll(() => ledger(server.url)).toMatchObject([{ channel: 'etch-1', windows: 10 }]);
    const health = await fetch(`${server.url}/healthz`);
    expect(health.status).toBe(503);
    const isNamed = expect.stringContaining(directory); // by the history, the recordings and the alarms
    expect(await health.json()).toMatchObject({ problems: [isNamed, isNamed, isNamed] });
    expect(existsSync(directory)).toBe(false);
    await device.until(() => (device.acknowledgements.at(-1)?.creditBytes ?? 0) > credit);
    expect(device.acknowledgements.map(({ nextSample }) => nextSample)).toEqual(device.acknowledgements.map(() => 0));
    device.socket.destroy();

    const again = await Device.open(server.ingest, HELLO);
    expect(again.answer).toMatchObject({ ok: true, next_sample: '0' });
    again.socket.destroy();
    expect(await server.close()).toBe(0);
  });

  it('whose folder of recordings cannot be used says so, and what waits for it', async () => {
    mkdirSync(folder.path('data'));
    folder.write('data/captures', '');

    const server = await startServer({ storage: { directory: folder.path('data') } });

    const health = await fetch(`${server.url}/healthz`);
    const said = 'nothing is recorded, nor is anything of the history removed, until a restart: ';
    const why = expect.stringMatching(`^${said}.*${folder.path('data/captures')}`);
    expect([health.status, await health.json()]).toEqual([503, { ok: false, problems: [why] }]);
    expect(await server.close()).toBe(0);
  });
});

async function ledger(url: string): Promise<SystemReply['ledger']> {
  return ((await (await fetch(`${url}/api/system`)).json()) as SystemReply).ledger;
}
