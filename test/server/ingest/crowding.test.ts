import { expect, it } from 'vitest';
import { Device } from '../../support/device.ts';
import { IngestFixture } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();
const WINDOW = { 'fenestra:window': 10, 'core:sample_rate': 1000 };

it('reads a device that makes too many windows no further while they pile up, and goes on after', async () => {
  let taken = 0; // by a main thread that is slow
  const made = () => fixture.ingest.windows.length;
  const fill = () => (made() - taken) / 100_000;
  const timeouts = { helloMs: 5000, silentMs: 1000, lingerMs: 50 };
  const fast = await fixture.open({ ...WINDOW, 'fenestra:channel': 'fast' }, { fill, timeouts });

  const frames = 100; // 500,000 windows, 10 MB
  for (let i = 0; i < frames; i++) fast.frame(i * 50_000, new Int16Array(50_000));
  await fixture.until(() => fixture.ingest.server.counts().held === 1);
  const held = fixture.ingest.ledger('fast').windows;
  const steady = await Device.open(fixture.ingest.address, { ...WINDOW, 'fenestra:channel': 'steady' });
  for (let i = 0; i < 50; i++) {
    steady.frame(i * 10, new Int16Array(10));
    await steady.until(() => steady.acknowledgements.at(-1)?.nextSample === (i + 1) * 10);
    await new Promise((resolve) => setTimeout(resolve, 25)); // in all longer than it may be silent
  }

  expect(fixture.ingest.ledger('fast')).toMatchObject({ windows: held, live: true });
  expect(fixture.ingest.ledger('steady')).toMatchObject({ windows: 50, live: true });
  const drain = setInterval(() => {
    taken = made();
  }, 5);
  await fast.finish();
  clearInterval(drain);
  steady.socket.destroy();

  expect(fast.error).toBeUndefined();
  expect(fixture.ingest.server.counts().held).toBe(0);
  expect(fixture.ingest.ledger('fast')).toMatchObject({ received: frames * 50_000, missing: 0, duplicate: 0 });
});

it('never holds a device that keeps to the rate, however crowded', async () => {
  const device = await fixture.open(WINDOW, { fill: () => 1 });
  for (let i = 0; i < 20; i++) {
    device.frame(i * 400, new Int16Array(400)); // 40 windows
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === (i + 1) * 400);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }

  expect(fixture.ingest.server.counts().held).toBe(0);
  await device.finish();
});
