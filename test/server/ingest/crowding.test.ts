import { expect, it } from 'vitest';
import { Device } from '../../support/device.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { IngestFixture } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();
const WINDOW = { 'fenestra:window': 10, 'core:sample_rate': 1000 };

it('reads a device that makes too many windows no further while they pile up, and goes on after', async () => {
  let taken = 0; // by a main thread that is slow
  const made = () => fixture.ingest.windows.length;
  const fill = () => (made() - taken) / 100_000;
  const clock = new FakeClock();
  const fast = await fixture.open({ ...WINDOW, 'fenestra:channel': 'fast' }, { fill, clock });

  const frames = 100; // 500,000 windows, 10 MB
  for (let i = 0; i < frames; i++) fast.frame(i * 50_000, new Int16Array(50_000));
  await fixture.until(() => fixture.ingest.server.counts().held === 1);
  const held = fixture.ingest.ledger('fast').windows;
  const steady = await Device.open(fixture.ingest.address, { ...WINDOW, 'fenestra:channel': 'steady' });
  for (let i = 0; i < 25; i++) {
    steady.frame(i * 10, new Int16Array(10));
    await steady.until(() => steady.acknowledgements.at(-1)?.nextSample === (i + 1) * 10);
    await fixture.ingest.pass(clock, 500); // in all longer than it may be silent
  }

  expect(fixture.ingest.ledger('fast')).toMatchObject({ windows: held, live: true });
  expect(fixture.ingest.ledger('steady')).toMatchObject({ windows: 25, live: true });
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
  const clock = new FakeClock();
  const device = await fixture.open(WINDOW, { fill: () => 1, clock });
  for (let i = 0; i < 8; i++) {
    device.frame(i * 4900, new Int16Array(4900)); // 490 windows: more than the first second's in all
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === (i + 1) * 4900);
    await fixture.ingest.pass(clock, 500);
  }

  expect(fixture.ingest.server.counts().held).toBe(0);
  await device.finish();
});
