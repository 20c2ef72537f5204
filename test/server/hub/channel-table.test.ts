import { describe, expect, it } from 'vitest';
import { ChannelTable } from '../../../server/hub/channel-table.ts';
import { WINDOW_BYTES, type WindowRing } from '../../../server/hub/window-ring.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { trendWindow } from '../../support/trend-windows.ts';

describe('channel table', () => {
  it('lists channels as the settings do, then by name with numbers in order', () => {
    const table = new ChannelTable({ seconds: 1, bytes: 1 << 24 }, { Zeta: { label: 'First' }, absent: {} });
    for (const name of ['PMT-10', 'PMT-2', 'Zeta', 'alpha']) table.set(channelInfo(name));

    expect(table.announce().map(({ name, label }) => `${name}=${label}`)).toEqual([
      'Zeta=First',
      'alpha=alpha',
      'PMT-2=PMT-2',
      'PMT-10=PMT-10',
    ]);
  });

  it('takes the unit of the settings before that of the device', () => {
    const table = new ChannelTable({ seconds: 1, bytes: 1 << 24 }, { a: { unit: 'mV', normal: [0, 2], digits: 1 } });
    table.set(channelInfo('a'));

    expect(table.announce()).toMatchObject([{ unit: 'mV', normal: [0, 2], digits: 1 }]);
  });

  it('keeps the seconds asked for, then half of what is left, never less than 512 windows', () => {
    const table = new ChannelTable({ seconds: 10, bytes: 5000 * WINDOW_BYTES }, {});
    for (const name of ['a', 'b', 'c', 'd', 'e']) table.set(channelInfo(name));

    const capacities = ['a', 'b', 'c', 'd', 'e'].map((name) => table.find(name)!.ring.capacity);
    expect(capacities).toEqual([2000, 2000, 512, 512, 512]);
    expect(table.shortened).toBe(3);
    expect(table.bytes).toBe(5536 * WINDOW_BYTES);
  });

  it('takes over what a device newly says and keeps its windows', () => {
    const table = new ChannelTable({ seconds: 1, bytes: 1 << 24 }, {});
    table.set(channelInfo('a'));
    const { ring } = table.find('a')!;
    table.set(channelInfo('a', { rateHz: 1000, window: 100 }));

    expect(table.find('a')).toMatchObject({ ring, windowsPerSecond: 10, number: 0 });
    expect(table.announce()).toMatchObject([{ rateHz: 1000, window: 100 }]);
  });

  it('makes room when a device comes back faster, and loses nothing of what it kept', () => {
    const table = new ChannelTable({ seconds: 10, bytes: 5000 * WINDOW_BYTES }, {});
    table.set(channelInfo('a', { rateHz: 1000, window: 1000 }));
    const channel = table.find('a')!;
    const { ring } = channel;
    for (let index = 0; index < 700; index++) channel.push(trendWindow({ index, stream: index < 600 ? 'x' : 'y' }), 0);
    const before = rowsOf(ring, 188);

    table.set(channelInfo('a', { rateHz: 200_000, window: 1000 }));
    expect([ring.capacity, ring.oldest, ring.next]).toEqual([2000, 188, 700]);
    expect(rowsOf(ring, 188)).toEqual(before);
    expect([table.bytes, table.shortened]).toEqual([2000 * WINDOW_BYTES, 0]);

    for (let index = 700; index < 2188; index++) channel.push(trendWindow({ index, stream: 'y' }), 0);
    expect([ring.oldest, ring.next]).toEqual([188, 2188]); // a viewer resumes from before the growth
    expect(rowsOf(ring, 188).slice(0, before.length)).toEqual(before);
    expect(rowsOf(ring, 188).map(([index]) => index)).toEqual(Array.from({ length: 2000 }, (_, i) => 188 + i));
    expect(ring.run[ring.slot(2187)]).toBe(ring.run[ring.slot(699)]); // the run goes on
  });

  it('gives half of what is left to a channel that grows past it, and counts it once', () => {
    const table = new ChannelTable({ seconds: 10, bytes: 2536 * WINDOW_BYTES }, {});
    table.set(channelInfo('a', { rateHz: 1000, window: 1000 }));
    for (let i = 0; i < 5; i++) table.set(channelInfo('a', { rateHz: 1e6, window: 1000 }));

    expect(table.find('a')!.ring.capacity).toBe(512 + 1012);
    expect(table.bytes).toBe(1524 * WINDOW_BYTES);
    expect(table.shortened).toBe(1);
  });
});

/** Index, time, stream and run of every window from `from` on. */
function rowsOf(ring: WindowRing, from: number): unknown[][] {
  return Array.from({ length: ring.next - from }, (_, i) => {
    const at = ring.slot(from + i);
    return [ring.index[at], ring.timeNs[at], ring.mean[at], ring.count[at], ring.stream[at], ring.run[at]];
  });
}
