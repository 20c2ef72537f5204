import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelInfo } from '../../../server/trend/channel-info.ts';
import { EMPTY_SUMMARY } from '../../../server/trend/summary.ts';
import type { TrendWindow } from '../../../server/trend/trend-window.ts';
import { readWindowBatch, WindowBatch } from '../../../server/trend/window-batch.ts';
import { type OutboxOptions, type Parcel, WindowOutbox } from '../../../server/trend/window-outbox.ts';

describe('WindowBatch', () => {
  it('survives a round trip', () => {
    fc.assert(
      fc.property(fc.array(anyWindow, { maxLength: 20 }), (windows) => {
        const batch = new WindowBatch(20);
        for (const window of windows) batch.add(3, window);

        const found: TrendWindow[] = [];
        const { channel, stream, size, rateHz } = window(0);
        readWindowBatch(
          batch.take(),
          () => ({ channel, stream, size, rateHz }),
          (it) => found.push(it),
        );

        expect(found).toEqual(windows);
        expect(batch.length).toBe(0);
      }),
    );
  });

  it('takes no more than it has room for', () => {
    const batch = new WindowBatch(1);
    batch.add(0, window(0));

    expect(() => batch.add(0, window(1))).toThrow(RangeError);
  });
});

describe('WindowOutbox', () => {
  it('posts a full batch at once and the rest when flushed', () => {
    const { outbox, indices } = fixture({ batchRows: 3 });
    for (let i = 0; i < 4; i++) outbox.add(window(i));

    expect(indices()).toEqual([0, 1, 2]);
    outbox.flush();
    expect(indices()).toEqual([0, 1, 2, 3]);
  });

  it('keeps windows while the other thread is slow, and goes on when it has taken some', () => {
    const { outbox, indices } = fixture({ batchRows: 1, inFlightRows: 2 });
    for (let i = 0; i < 5; i++) outbox.add(window(i));

    expect(indices()).toEqual([0, 1]);
    outbox.taken(1);
    expect(indices()).toEqual([0, 1, 2]);
    outbox.taken(2);
    expect(indices()).toEqual([0, 1, 2, 3, 4]);
    expect(outbox.dropped).toBe(0);
  });

  it('drops the oldest windows past its limit, and counts them', () => {
    const { outbox, indices } = fixture({ batchRows: 1, inFlightRows: 1, waitingRows: 2 });
    for (let i = 0; i < 6; i++) outbox.add(window(i));
    outbox.empty();

    expect(indices()).toEqual([0, 4, 5]);
    expect(outbox.dropped).toBe(3);
  });

  it('announces a new stream after all windows of the one before, however slow the other thread', () => {
    const { outbox, parcels } = fixture({ batchRows: 8, inFlightRows: 1 });
    outbox.add(window(0));
    outbox.open(info('second'));
    outbox.add(window(0, 'second'));
    outbox.open(info('third'));
    outbox.open(info('fourth'));
    outbox.empty();

    expect(parcels.map((parcel) => (parcel.kind === 'opened' ? parcel.info.stream : parcel.rows))).toEqual([
      'first',
      1,
      'second',
      1,
      'fourth', // of openings without a window between them the newest counts
    ]);
  });

  it('holds one opening of a channel between windows, also where windows between openings were dropped', () => {
    const { outbox, parcels } = fixture({ batchRows: 1, inFlightRows: 1, waitingRows: 2 });
    outbox.add(window(0)); // in flight
    for (let i = 1; i <= 100; i++) {
      outbox.open(info(`s${i}`));
      outbox.open({ ...info(`b${i}`), channel: 'b' });
      outbox.add(window(i));
    }
    expect(outbox.fill).toBe(1);
    outbox.empty();

    expect(outbox.dropped).toBe(98);
    expect(parcels.map((parcel) => (parcel.kind === 'opened' ? parcel.info.stream : parcel.rows))).toEqual([
      ...['first', 1],
      ...['s99', 'b99', 1],
      ...['s100', 'b100', 1],
    ]);
  });

  it('says from where a device sends also where a stream is announced again before its first window', () => {
    const { outbox, parcels } = fixture({ inFlightRows: 0 });
    outbox.open(info('first'), 70);
    outbox.open({ ...info('first'), description: 'moved' });
    outbox.open(info('second'));
    outbox.empty();
    outbox.open(info('first'), 80);
    outbox.open(info('first'));
    outbox.empty();

    const opened = parcels.flatMap((parcel) => (parcel.kind === 'opened' ? [parcel] : []));
    expect(opened.map(({ info: { stream }, sendsFrom }) => [stream, sendsFrom])).toEqual([
      ['second', undefined],
      ['first', 80],
    ]);
  });

  it('refuses a window of a channel that nobody announced', () => {
    const { outbox } = fixture({});

    expect(() => outbox.add({ ...window(0), channel: 'unknown' })).toThrow('unknown');
  });
});

const finite = fc.double({ noNaN: true });
const count = fc.nat(1e9);
const anyWindow: fc.Arbitrary<TrendWindow> = fc
  .record({
    index: fc.maxSafeNat(),
    timeNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    arrivedMs: finite,
    flags: fc.nat(63),
    summary: fc.record({
      count,
      min: finite,
      max: finite,
      mean: finite,
      m2: finite,
      clipped: count,
      nonfinite: count,
    }),
  })
  .map((fields) => ({ ...window(0), ...fields }));

function fixture(options: Partial<OutboxOptions>) {
  const parcels: Parcel[] = [];
  const outbox = new WindowOutbox({
    post: (parcel) => parcels.push(parcel),
    batchRows: 100,
    inFlightRows: 100,
    waitingRows: 100,
    ...options,
  });
  outbox.open(info('first'));
  const indices = () => {
    const found: number[] = [];
    const key = { channel: 'a', stream: 's', size: 10, rateHz: 1 };
    for (const parcel of parcels) {
      if (parcel.kind === 'windows')
        readWindowBatch(
          parcel.buffer,
          () => key,
          ({ index }) => found.push(index),
        );
    }
    return found;
  };
  return { outbox, parcels, indices };
}

function window(index: number, stream = 'first'): TrendWindow {
  return {
    channel: 'a',
    stream,
    index,
    size: 10,
    rateHz: 100,
    timeNs: 5n,
    arrivedMs: 6,
    summary: EMPTY_SUMMARY,
    flags: 0,
  };
}

function info(stream: string): ChannelInfo {
  return {
    channel: 'a',
    stream,
    datatype: 'ri8',
    rateHz: 100,
    window: 10,
    unit: '',
    scale: 1,
    offset: 0,
    hardware: '',
    description: '',
    recorder: '',
  };
}
