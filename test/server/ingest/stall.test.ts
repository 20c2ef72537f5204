import { expect, it } from 'vitest';
import { Device } from '../../support/device.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { IngestFixture, ramp } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();

it('blames no device for the silence of a minute in which the server itself stood still', async () => {
  const clock = new FakeClock();
  const device = await fixture.open({ 'fenestra:window': 10 }, { clock });
  const greeting = await Device.connect(fixture.ingest.address);
  await fixture.until(() => fixture.ingest.server.counts().connections === 2);

  clock.advance(60_000);
  await fixture.ingest.pass(clock, 4000);
  greeting.hello({ 'fenestra:channel': 'other' });
  device.frame(0, ramp(0, 10));
  await device.until(() => device.acknowledgements.at(-1)?.nextSample === 10);
  await greeting.until(() => greeting.answer !== undefined);

  expect(greeting.answer?.ok).toBe(true);
  expect(fixture.ingest.server.counts().errors).toEqual({});
  greeting.socket.destroy();
});

it('counts the silence before a stall and after it together', async () => {
  const clock = new FakeClock();
  const device = await fixture.open({}, { clock });

  await fixture.ingest.pass(clock, 6000);
  clock.advance(60_000);
  await fixture.ingest.pass(clock, 3500);
  expect(fixture.ingest.ledger().live).toBe(true);
  await fixture.ingest.pass(clock, 1000);
  await device.until(() => device.isEnded);

  expect(device.error?.code).toBe('SILENT');
});

it('reads what came while its thread stood still, on the real clock', async () => {
  const timeouts = { helloMs: 1500, silentMs: 1500, lingerMs: 50 };
  const device = await fixture.open({ 'fenestra:window': 10 }, { timeouts });

  device.frame(0, ramp(0, 10));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
  await device.until(() => device.isEnded || device.acknowledgements.at(-1)?.nextSample === 10);

  expect(device.error).toBeUndefined();
  expect(fixture.ingest.ledger()).toMatchObject({ received: 10, live: true });
});
