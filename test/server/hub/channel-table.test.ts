import { describe, expect, it } from 'vitest';
import { ChannelTable } from '../../../server/hub/channel-table.ts';
import { WINDOW_BYTES } from '../../../server/hub/window-ring.ts';
import { channelInfo } from '../../support/hub-server.ts';

describe('channel table', () => {
  it('lists channels as the settings do, then by name with numbers in order', () => {
    const table = new ChannelTable({ seconds: 1, bytes: 1 << 24 }, { Zeta: { label: 'First' }, absent: {} });
    for (const name of ['PMT-10', 'PMT-2', 'Zeta', 'alpha']) table.set(channelInfo(name));

    expect(table.describe().map(({ name, label }) => `${name}=${label}`)).toEqual([
      'Zeta=First',
      'alpha=alpha',
      'PMT-2=PMT-2',
      'PMT-10=PMT-10',
    ]);
  });

  it('takes the unit of the settings before that of the device', () => {
    const table = new ChannelTable({ seconds: 1, bytes: 1 << 24 }, { a: { unit: 'mV', normal: [0, 2], digits: 1 } });
    table.set(channelInfo('a'));

    expect(table.describe()).toMatchObject([{ unit: 'mV', normal: [0, 2], digits: 1 }]);
  });

  it('keeps the seconds asked for, then half of what is left, never less than 512 windows', () => {
    const table = new ChannelTable({ seconds: 10, bytes: 5000 * WINDOW_BYTES }, {});
    for (const name of ['a', 'b', 'c', 'd', 'e']) table.set(channelInfo(name));

    const capacities = Array.from(table.all(), ({ ring }) => ring.capacity);
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
    expect(table.describe()).toMatchObject([{ rateHz: 1000, window: 100 }]);
  });
});
