import { describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import type { Device } from '../../support/device.ts';
import { FakeHistory } from '../../support/fake-history.ts';
import { IngestFixture, ramp } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();
const hello = { 'fenestra:window': 10, 'fenestra:stream': 'run', 'fenestra:epoch_ns': '1000000000000' };
const SAMPLE_NS = 100_000n;

async function open(history: FakeHistory): Promise<Device> {
  return fixture.open(hello, { history });
}

async function reduced(windows: number): Promise<void> {
  await fixture.until(() => fixture.ingest.windows.length >= windows);
}

describe('an acknowledgement', () => {
  it('stands where the disk is, comes with its word, and credit waits for neither', async () => {
    const history = new FakeHistory();
    const device = await open(history);

    device.frame(0, ramp(0, 35));
    await device.until(() => Number(device.acknowledgements.at(-1)?.creditBytes) >= (1 << 20) + 35 * 2 + 64);
    expect(history.indices()).toEqual([0, 1, 2]);
    expect(device.acknowledgements.at(-1)?.nextSample).toBe(0);

    history.mark(20);
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === 20);
    history.mark(30);
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === 30);
  });

  it('passes a gap once all before it is on the disk', async () => {
    const history = new FakeHistory();
    const device = await open(history);

    device.frame(0, ramp(0, 10));
    device.frame(95, ramp(0, 2));
    await reduced(1);
    history.mark(10);

    await device.until(() => device.acknowledgements.at(-1)?.nextSample === 90);
  });

  it('is waited for at the end, by a device that reads to it', async () => {
    const history = new FakeHistory();
    const device = await open(history);
    device.frame(0, ramp(0, 20));
    const finished = device.finish();
    await reduced(2);

    setTimeout(() => history.mark(20), 200);
    await finished;

    expect(device.acknowledgements.at(-1)?.nextSample).toBe(20);
  });

  it('is waited for at the end until the window that the device ended in its middle is on the disk', async () => {
    const history = new FakeHistory();
    const device = await open(history);
    device.frame(0, ramp(0, 14));
    let isFinished = false;
    const finished = device.finish().then(() => {
      isFinished = true;
    });
    await reduced(2);

    history.mark(10);
    history.mark(10, 3); // as much as came of it before
    await new Promise((resolve) => setTimeout(resolve, 200));
    const wasFinished = isFinished;
    history.mark(10, 4);
    await finished;

    expect(wasFinished).toBe(false);
    expect(device.acknowledgements.at(-1)?.nextSample).toBe(10);
  });

  it('of what the disk does not take in a second is not given', async () => {
    const history = new FakeHistory();
    const device = await open(history);
    device.frame(0, ramp(0, 20));

    await device.finish();

    expect(device.acknowledgements.at(-1)?.nextSample).toBe(0);
  });

  it('comes before the word that the server stops', async () => {
    const history = new FakeHistory();
    const device = await open(history);
    device.frame(0, ramp(0, 20));
    await reduced(2);

    const closed = fixture.ingest.server.close();
    setTimeout(() => history.mark(20), 100);
    await device.until(() => device.isEnded);
    device.socket.destroy();
    await closed;

    expect(device.acknowledgements.at(-1)?.nextSample).toBe(20);
    expect(device.error?.code).toBe('SERVER_STOPPING');
  });

  it('does not reach into a partial window, which its stream may still complete', async () => {
    const history = new FakeHistory();
    const first = await open(history);
    first.frame(0, ramp(0, 14));
    setTimeout(() => history.mark(10, 4), 100);
    await first.finish();

    const second = await fixture.reopen(hello);
    second.frame(10, ramp(10, 10));
    await reduced(3);
    history.mark(20);
    await second.until(() => second.acknowledgements.at(-1)?.nextSample === 20);

    expect(first.acknowledgements.at(-1)?.nextSample).toBe(10);
    expect(history.windows.map(({ index, flags }) => [index, flags])).toEqual([
      [0, 0],
      [1, WindowFlag.Partial],
      [1, 0],
    ]);
  });
});

describe('a device that comes back before the disk has its windows', () => {
  it('sends them again, and they are doubles for everybody', async () => {
    const history = new FakeHistory();
    const first = await open(history);
    first.frame(0, ramp(0, 35));
    await reduced(3);
    history.mark(10);
    await first.cut();

    const second = await fixture.reopen(hello);
    second.frame(10, ramp(10, 30));
    await reduced(4);

    expect(second.answer?.next_sample).toBe('10');
    expect(history.indices()).toEqual([0, 1, 2, 3]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 40, duplicate: 25, late: 0 });
  });
});

describe('a server that was started again', () => {
  const info = {
    channel: 'test',
    stream: 'run',
    datatype: 'ri16_le',
    rateHz: 10_000,
    window: 10,
    unit: '',
    scale: 1,
    offset: 0,
    hardware: '',
    description: '',
    recorder: '',
  };
  const marks = [{ info, nextSample: 40, anchor: { sample: 30, timeNs: 5_000_000_000_000n } }];

  it('lets a stream go on where the disk has it, on the same line of time', async () => {
    const history = new FakeHistory(marks);
    const device = await open(history);

    device.frame(35, ramp(35, 20));
    await reduced(1);

    expect(device.answer?.next_sample).toBe('40');
    expect(history.sendsFrom).toEqual([40]);
    expect(history.windows).toMatchObject([
      { index: 4, flags: 0, timeNs: 5_000_000_000_000n + 10n * SAMPLE_NS, summary: { count: 10, min: 40 } },
    ]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 15, expected: 15, duplicate: 5, late: 0, missing: 0 });
  });

  it('follows the device where its time is another by more than a millisecond', async () => {
    const history = new FakeHistory(marks);
    const device = await open(history);

    device.frame(40, ramp(40, 10), { timeNs: 5_000_002_500_000n });
    await reduced(1);

    expect(history.windows[0].timeNs).toBe(5_000_002_500_000n);
    expect(fixture.ingest.ledger()).toMatchObject({ reanchored: 1 });
  });

  it('counts what nobody sent meanwhile as missing, were it more than a day', async () => {
    const history = new FakeHistory(marks);
    const device = await open(history);

    device.frame(10_000 * 100_000, ramp(0, 10));
    await reduced(1);

    expect(fixture.ingest.ledger()).toMatchObject({ received: 10, missing: 10_000 * 100_000 - 40, gaps: 1 });
  });

  it.each([
    ['datatype', { 'core:datatype': 'ru16_le' }],
    ['rate', { 'core:sample_rate': 5 }],
    ['window', { 'fenestra:window': 20 }],
  ])('refuses the same stream with another %s', async (_name, change) => {
    const device = await fixture.open({ ...hello, ...change }, { history: new FakeHistory(marks) });

    expect(device.answer).toMatchObject({ ok: false, code: 'CHANNEL_CHANGED' });
  });
});
