import { Audience } from '../../server/hub/audience.ts';
import { ChannelTable } from '../../server/hub/channel-table.ts';
import { IN_FLIGHT_BYTES } from '../../server/wire/events.ts';
import type { FakeClock } from './fake-clock.ts';

/** The epoch of every audience made here. */
export const EPOCH = 'this-life';

/** An audience without sockets or timers, whose channels keep `seconds` of the past, in `bytes` for all. Alarms wait for a tick where nothing is done `soon`. */
export function createAudience(
  clock: FakeClock,
  seconds: number,
  bytes = 1 << 26,
  soon: (run: () => void) => void = () => undefined,
): Audience {
  const site = { name: '', timeZone: 'UTC' };
  return new Audience({
    clock,
    channels: new ChannelTable({ seconds, bytes }, {}),
    settings: { interval_ms: 40, command_rate: 20 },
    soon,
    welcome: { wire: 1, epoch: EPOCH, version: '0', site, inFlightBytes: IN_FLIGHT_BYTES },
  });
}
