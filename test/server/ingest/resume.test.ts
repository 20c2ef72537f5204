import { describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { IngestFixture, ramp } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();

describe('a device that comes back', () => {
  const hello = { 'fenestra:window': 10, 'fenestra:stream': 'run' };

  it('is told where to resume, and what the server holds already is dropped', async () => {
    const first = await fixture.open(hello);
    first.frame(0, ramp(0, 25));
    await first.until(() => first.acknowledgements.at(-1)?.nextSample === 20);
    await first.cut();

    const second = await fixture.reopen(hello);
    second.frame(20, ramp(20, 20));
    await second.finish();

    expect(second.answer?.next_sample).toBe('20');
    expect(
      fixture.ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count, summary.mean]),
    ).toEqual([
      [0, 0, 10, 4.5],
      [1, 0, 10, 14.5],
      [2, 0, 10, 24.5],
      [3, 0, 10, 34.5],
    ]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 40, duplicate: 5, connections: 2, streams: 1, gaps: 0 });
  });

  it('without a buffer leaves a gap in the window it broke off in', async () => {
    const first = await fixture.open(hello);
    first.frame(0, ramp(0, 25));
    await first.until(() => first.acknowledgements.at(-1)?.nextSample === 20);
    await first.cut();

    const second = await fixture.reopen(hello);
    second.frame(28, ramp(0, 2));
    await second.finish();

    expect(fixture.ingest.windows.at(-1)).toMatchObject({ index: 2, flags: WindowFlag.Gap, summary: { count: 7 } });
    expect(fixture.ingest.ledger().gapRanges).toMatchObject([{ from: 25, to: 28 }]);
  });

  it('after ending its stream gets the partial window handed out again, whole', async () => {
    const first = await fixture.open(hello);
    first.frame(0, ramp(0, 14));
    await first.finish();

    const second = await fixture.reopen(hello);
    second.frame(10, ramp(10, 10));
    await second.finish();

    expect(
      fixture.ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count, summary.mean]),
    ).toEqual([
      [0, 0, 10, 4.5],
      [1, WindowFlag.Partial, 4, 11.5],
      [1, 0, 10, 14.5],
    ]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 20, reduced: 20, pending: 0, duplicate: 4 });
  });

  it('with another stream begins anew, and can go back to the one before', async () => {
    const first = await fixture.open(hello);
    first.frame(0, ramp(0, 15));
    await first.until(() => first.acknowledgements.at(-1)?.nextSample === 10);
    await first.cut();
    const other = await fixture.reopen({ ...hello, 'fenestra:stream': 'other', 'core:datatype': 'rf32_le' });
    other.frame(0, new Float32Array(12));
    await other.finish();

    const again = await fixture.reopen(hello);
    again.frame(10, ramp(10, 10));
    await again.finish();

    expect(other.answer?.next_sample).toBe('0');
    expect(again.answer?.next_sample).toBe('10');
    expect(fixture.ingest.windows.map(({ stream, index }) => `${stream} ${index}`)).toEqual([
      'run 0',
      'other 0',
      'other 1',
      'run 1',
    ]);
    expect(fixture.ingest.windows[3].summary).toMatchObject({ count: 10, mean: 14.5, min: 10, max: 19 });
    expect(fixture.ingest.ledger()).toMatchObject({ received: 32, reduced: 32, streams: 2, stream: 'run' });
  });

  it('without a stream name begins a new stream each time', async () => {
    const first = await fixture.open({ 'fenestra:window': 10 });
    await first.finish();
    const second = await fixture.reopen({ 'fenestra:window': 10 });

    expect(second.answer?.stream).not.toBe(first.answer?.stream);
    expect(fixture.ingest.ledger().streams).toBe(2);
  });

  it.each([
    ['datatype', { 'core:datatype': 'ru16_le' }],
    ['rate', { 'core:sample_rate': 5 }],
    ['window', { 'fenestra:window': 20 }],
  ])('is refused with another %s in the same stream', async (_name, change) => {
    const first = await fixture.open(hello);
    await first.finish();

    const second = await fixture.reopen({ ...hello, ...change });

    expect(second.answer).toMatchObject({ ok: false, code: 'CHANNEL_CHANGED' });
  });
});

describe('a device that sends bare samples', () => {
  it('gets them reduced until it ends, and hears nothing', async () => {
    const device = await fixture.open({ 'fenestra:window': 10, 'fenestra:framing': 'none' });

    device.send(Buffer.from(ramp(0, 25).buffer));
    await device.finish();

    expect(fixture.ingest.windows.map(({ index, flags }) => [index, flags])).toEqual([
      [0, 0],
      [1, 0],
      [2, WindowFlag.Partial],
    ]);
    expect(device.acknowledgements).toEqual([]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 25 });
  });

  it('resumes at the sample it was told', async () => {
    const hello = { 'fenestra:window': 10, 'fenestra:framing': 'none', 'fenestra:stream': 'run' };
    const first = await fixture.open(hello);
    first.send(Buffer.from(ramp(0, 25).buffer));
    await fixture.until(() => fixture.ingest.windows.length === 2);
    await first.cut();

    const second = await fixture.reopen(hello);
    second.send(Buffer.from(ramp(20, 20).buffer));
    await second.finish();

    expect(second.answer?.next_sample).toBe('20');
    expect(fixture.ingest.windows.map(({ summary }) => summary.mean)).toEqual([4.5, 14.5, 24.5, 34.5]);
  });
});
