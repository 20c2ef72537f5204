import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChannelTable, LEAST_WINDOWS } from '../../../server/hub/channel-table.ts';
import { WINDOW_BYTES, type WindowRing } from '../../../server/hub/window-ring.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { runs } from '../../support/runs.ts';
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

  it('keeps the seconds asked for, then as much as a half, a quarter of the buffers, never less than 512 windows', () => {
    const table = new ChannelTable({ seconds: 10, bytes: 5000 * WINDOW_BYTES }, {});
    const capacities: number[][] = [];
    const shortened: number[] = [];
    for (let i = 0; i < 12; i++) {
      table.set(channelInfo(`c${i}`));
      capacities.push([...new Set(capacitiesOf(table, i + 1))]);
      shortened.push(table.shortened);
    }

    const quarters = [[1250], [1250]];
    const eighths = [[625], [625], [625], [625]];
    expect(capacities).toEqual([[2000], [2000], ...quarters, ...eighths, [512], [512], [512], [512]]);
    expect(shortened).toEqual([0, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(table.bytes).toBe(12 * 512 * WINDOW_BYTES);
  });

  it('lets no channel starve those that come later', () => {
    const table = new ChannelTable({ seconds: 600, bytes: 512 << 20 }, {});
    for (let i = 0; i < 10; i++) table.set(channelInfo(`c${i}`, { rateHz: 1_000_000, window: 1000 }));
    for (let i = 10; i < 32; i++) table.set(channelInfo(`c${i}`, { rateHz: 200_000, window: 1000 }));

    const capacities = capacitiesOf(table, 32);
    expect(new Set(capacities.slice(10))).toEqual(new Set([120_000])); // all that they ask for
    expect(table.shortened).toBe(10);
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

  it('counts a channel that grows past its share once, and not any more when it asks for less', () => {
    const table = new ChannelTable({ seconds: 10, bytes: 4096 * WINDOW_BYTES }, {});
    table.set(channelInfo('a', { rateHz: 1000, window: 1000 }));
    for (let i = 0; i < 5; i++) table.set(channelInfo('a', { rateHz: 1e6, window: 1000 }));
    expect(table.find('a')!.ring.capacity).toBe(4096);
    expect([table.bytes, table.shortened]).toEqual([4096 * WINDOW_BYTES, 1]);

    table.set(channelInfo('a', { rateHz: 1e5, window: 1000 }));
    expect([table.find('a')!.ring.capacity, table.shortened]).toEqual([4096, 0]);
  });

  it('shares fairly in any order, stays within the limit and keeps the newest windows unchanged', () => {
    const windowsPerSecond = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 1000 }));
    const arrival = fc.record({ channel: fc.nat(11), windowsPerSecond, windows: fc.nat(3000) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 24 }), fc.integer({ min: 1000, max: 40_000 }), (arrivals, room) => {
        const table = new ChannelTable({ seconds: 20, bytes: room * WINDOW_BYTES }, {});
        const asked = new Map<string, number>();
        for (const { channel, windowsPerSecond, windows } of arrivals) {
          const name = `c${channel}`;
          table.set(channelInfo(name, { rateHz: windowsPerSecond * 1000, window: 1000 }));
          asked.set(name, Math.max(LEAST_WINDOWS, asked.get(name) ?? 0, windowsPerSecond * 20));
          const known = table.find(name)!;
          for (let i = 0; i < windows; i++) known.push(trendWindow({ index: known.ring.next }), 0);

          expectFairShares(table, asked, room);
          for (const other of asked.keys()) expectNewest(table.find(other)!.ring);
        }
      }),
      { numRuns: runs(60, 2000) },
    );
  });
});

function capacitiesOf(table: ChannelTable, count: number): number[] {
  return Array.from({ length: count }, (_, i) => table.find(`c${i}`)!.ring.capacity);
}

/** Everyone has at least half of what it would get if all the room were shared equally, and all together no more than there is. */
function expectFairShares(table: ChannelTable, asked: ReadonlyMap<string, number>, room: number): void {
  let share = 0;
  let left = room;
  const rising = [...asked.values()].sort((a, b) => a - b);
  for (const [i, windows] of rising.entries()) {
    share = Math.max(share, Math.min(windows, left / (rising.length - i)));
    left -= Math.min(windows, left / (rising.length - i));
  }
  for (const [name, windows] of asked) {
    const { capacity } = table.find(name)!.ring;
    expect(capacity).toBeLessThanOrEqual(windows);
    expect(capacity).toBeGreaterThanOrEqual(Math.max(LEAST_WINDOWS, Math.floor(Math.min(windows, share) / 2)));
  }
  expect(table.bytes).toBeLessThanOrEqual(Math.max(room, asked.size * LEAST_WINDOWS) * WINDOW_BYTES);
}

/** Every window that is kept has the figures that \`trendWindow\` gives its number. */
function expectNewest(ring: WindowRing): void {
  expect(ring.next - ring.oldest).toBeLessThanOrEqual(ring.capacity);
  const wrong: number[] = [];
  for (let seq = ring.oldest; seq < ring.next; seq++) {
    const at = ring.slot(seq);
    const { timeNs, summary } = trendWindow({ index: seq });
    const isSame = ring.index[at] === seq && ring.timeNs[at] === timeNs && ring.mean[at] === summary.mean;
    if (!isSame || ring.m2[at] !== summary.m2 || ring.run[at] !== 0 || ring.stream[at] !== 0) wrong.push(seq);
  }
  expect(wrong).toEqual([]);
}

/** Index, time, stream and run of every window from `from` on. */
function rowsOf(ring: WindowRing, from: number): unknown[][] {
  return Array.from({ length: ring.next - from }, (_, i) => {
    const at = ring.slot(from + i);
    return [ring.index[at], ring.timeNs[at], ring.mean[at], ring.count[at], ring.stream[at], ring.run[at]];
  });
}
