import type { FleetStore } from '../store/fleet-store.ts';

/** The channel before or after one in display order, round the ends; undefined where there is no other. */
export function neighbourOf(name: string, fleet: FleetStore, step: 1 | -1): string | undefined {
  const { channels } = fleet.value;
  const at = channels.findIndex((channel) => channel.name === name);
  if (at < 0 || channels.length < 2) return undefined;
  return channels[(at + step + channels.length) % channels.length].name;
}
