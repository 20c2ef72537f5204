import { beforeAll, describe, expect, it } from 'vitest';
import { FleetStore } from '../../../client/store/fleet-store.ts';
import { LEAST_ROWS, ROW_BYTES } from '../../../client/store/row-room.ts';
import { ServerClock } from '../../../client/store/server-clock.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { Channel } from '../../../server/wire/events.ts';
import { channel } from '../../support/fake-hub.ts';
import { loadKernels } from '../../support/kernels.ts';

const BOUND_BYTES = 512 * 1024 * 1024;
const FAST = { rateHz: 10_000_000, window: 50_000 };

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

describe('fleet store', () => {
  it('keeps the rows of all channels within 512 MB, however many are listed at once, and the least of the rest', () => {
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
