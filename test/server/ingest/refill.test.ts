import { describe, expect, it } from 'vitest';
import { type TrendWindow, WindowFlag } from '../../../server/trend/trend-window.ts';
import type { Device } from '../../support/device.ts';
import { FakeHistory } from '../../support/fake-history.ts';
import { IngestFixture, ramp } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();
const hello = { 'fenestra:window': 10, 'fenestra:stream': 'run', 'fenestra:epoch_ns': '1000000000000' };

async function open(history: FakeHistory): Promise<Device> {
  return fixture.open(hello, { history });
}

async function reduced(windows: number): Promise<void> {
  await fixture.until(() => fixture.ingest.windows.length >= windows);
}

describe('a stream that the history has given up from some window on', () => {
  it('is sent again: to the history alone, the same figures, times and flags, counted as duplicate', async () => {
    const history = new FakeHistory();
    const first = await open(history);
    first.frame(0, ramp(0, 30), { flags: WindowFlag.OverRange });
    first.frame(30, ramp(30, 15));
    await reduced(4);
    history.mark(10);

    history.giveUp(10);
    await first.until(() => first.isEnded);
    first.socket.destroy();
    const live = [...fixture.ingest.windows];
    const second = await fixture.reopen(hello);
    second.frame(10, ramp(10, 20), { flags: WindowFlag.OverRange });
    second.frame(30, ramp(30, 27));
    await reduced(5);

    expect(first.error?.code).toBe('STORAGE_RESUME');
    expect(second.answer?.next_sample).toBe('10');
    expect(history.sendsFrom).toEqual([0, 10]);
    expect(history.indices(4)).toEqual([1, 2, 3, 4]);
    expect(history.windows.slice(4, 7).map(figures)).toEqual(live.slice(1).map(figures));
    expect(fixture.ingest.windows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(fixture.ingest.windows[4].summary).toMatchObject({ count: 10, min: 40, max: 49 });
    expect(fixture.ingest.ledger()).toMatchObject({ received: 57, duplicate: 35, late: 0, missing: 0 });

    history.mark(50);
    await second.until(() => second.acknowledgements.at(-1)?.nextSample === 50);
  });

  it('comes again as far as the device has kept it, and the rest stays missing', async () => {
    const history = new FakeHistory();
    const first = await open(history);
    first.frame(0, ramp(0, 45));
    await reduced(4);
    history.giveUp(0);
    await first.until(() => first.isEnded);
    first.socket.destroy();

    const second = await fixture.reopen(hello);
    second.frame(15, ramp(15, 10));
    second.frame(45, ramp(45, 5));
    await reduced(5);

    expect(history.windows.slice(4).map(({ index, flags, summary }) => [index, flags, summary.count])).toEqual([
      [1, WindowFlag.Gap, 5],
      [2, WindowFlag.Gap, 5],
      [4, 0, 10],
    ]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 50, missing: 0, duplicate: 10 });
  });

  it('goes on where it was when the connection breaks amid it', async () => {
    const history = new FakeHistory();
    const first = await open(history);
    first.frame(0, ramp(0, 40));
    await reduced(4);
    history.giveUp(0);
    await first.until(() => first.isEnded);
    first.socket.destroy();
    const second = await fixture.reopen(hello);
    second.frame(0, ramp(0, 15));
    await fixture.until(() => history.windows.length === 5);
    history.mark(10);
    await second.cut();

    const third = await fixture.reopen(hello);
    third.frame(10, ramp(10, 40));
    await reduced(5);

    expect(third.answer?.next_sample).toBe('10');
    expect(history.indices(4)).toEqual([0, 1, 2, 3, 4]);
  });

  it('is left as it is where its samples come bare', async () => {
    const history = new FakeHistory();
    const device = await fixture.open({ ...hello, 'fenestra:framing': 'none' }, { history });
    device.send(Buffer.from(ramp(0, 20).buffer));
    await reduced(2);

    history.giveUp(0);
    device.send(Buffer.from(ramp(20, 10).buffer));
    await reduced(3);

    expect(device.isEnded).toBe(false);
    expect(history.sendsFrom).toEqual([0, 0]);
    expect(history.indices()).toEqual([0, 1, 2]);
  });
});

describe('a history that does not keep up', () => {
  it('gets no window past its room, and all of them in order once there is room', async () => {
    const history = new FakeHistory();
    const first = await open(history);
    first.frame(0, ramp(0, 20));
    await reduced(2);
    history.fill = 1;
    first.frame(20, ramp(20, 25));
    await reduced(4);
    expect(history.indices()).toEqual([0, 1]);
    expect(history.streams.status).toEqual({ withheld: 1, sentAgain: 0 });

    history.mark(20);
    history.relieve();
    await first.until(() => first.isEnded);
    first.socket.destroy();
    const second = await fixture.reopen(hello);
    second.frame(20, ramp(20, 40));
    await reduced(6);

    expect(first.error?.code).toBe('STORAGE_RESUME');
    expect(second.answer?.next_sample).toBe('20');
    expect(history.indices()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(history.streams.status).toEqual({ withheld: 0, sentAgain: 2 });
  });
});

function figures({ index, timeNs, summary, flags }: TrendWindow) {
  return { index, timeNs, summary, flags };
}
