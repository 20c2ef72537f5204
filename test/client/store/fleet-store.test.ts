import { beforeAll, describe, expect, it } from 'vitest';
import { FleetStore } from '../../../client/store/fleet-store.ts';
import { LEAST_ROWS, ROW_BYTES } from '../../../client/store/row-room.ts';
import { ServerClock } from '../../../client/store/server-clock.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { Channel } from '../../../server/wire/events.ts';
import { blockOf, channel, FIRST_MS } from '../../support/fake-hub.ts';
import { loadKernels } from '../../support/kernels.ts';

const BOUND_BYTES = 586e6;
const SLOW = { rateHz: 10, window: 10 };
const FAST = { rateHz: 10_000_000, window: 50_000 };

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

describe('fleet store', () => {
  it('keeps the rows of all channels within 586 MB, however many are listed at once, and the least of the rest', () => {
    const fleet = create();

    fleet.setChannels(channels(256, FAST));

    const rows = roomsOf(fleet);
    const full = rows.filter((capacity) => capacity >= 120_000).length;
    expect(full).toBe(100);
    const beyond = rows.filter((capacity) => capacity === LEAST_ROWS).length;
    expect(full + beyond).toBeGreaterThanOrEqual(255); // one gets what is left
    expect(sum(rows) * ROW_BYTES).toBeLessThanOrEqual(BOUND_BYTES + beyond * LEAST_ROWS * ROW_BYTES);
  });

  it('gives the room of channels that are gone to those listed in their place', () => {
    const fleet = create();
    fleet.setChannels(channels(100, FAST));

    fleet.setChannels(channels(100, FAST, 'other'));

    expect(Math.min(...roomsOf(fleet))).toBeGreaterThanOrEqual(120_000);
  });

  it('makes more room for a channel that comes to have more windows a second, and keeps its rows', () => {
    const fleet = create();
    fleet.setChannels(channels(1, SLOW));
    const [store] = fleet.value.channels;
    store.add(blockOf(0, 3000));
    expect(store.rows.length).toBe(LEAST_ROWS);

    fleet.setChannels(channels(1, FAST));
    store.add(blockOf(3000, 100_000));

    expect(store.rows.length).toBe(LEAST_ROWS + 100_000);
    expect(store.rows.oldestMs).toBe(FIRST_MS + 1000 * 5);
    const { count } = store.decimate({ fromMs: FIRST_MS, columnMs: 5000, columns: 103 });
    expect(Array.from(count)).toEqual([0, ...new Array(102).fill(10_000)]);
  });

  it('gives room that has become free to a channel that found none, at the next list', () => {
    const fleet = create();
    fleet.setChannels(channels(102, FAST));
    const last = fleet.value.channels[101];
    const before = last.rows.capacity;

    fleet.setChannels(channels(102, FAST).slice(2));

    expect(before).toBe(LEAST_ROWS);
    expect(last.rows.capacity).toBeGreaterThanOrEqual(120_000);
  });
});

function create(): FleetStore {
  return new FleetStore({
    clock: new ServerClock(() => 0),
    createKernel: (capacity) => new DecimateKernel(kernels, { capacity, maxColumns: 256 }),
  });
}

function channels(count: number, kind: Pick<Channel, 'rateHz' | 'window'>, prefix = 'etch'): Channel[] {
  return Array.from({ length: count }, (_, i) => ({ ...channel(`${prefix}.${i}`), ...kind }));
}

function roomsOf(fleet: FleetStore): number[] {
  return fleet.value.channels.map(({ rows }) => rows.capacity);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
