import { describe, expect, it } from 'vitest';
import type { ChannelStore } from '../../../client/store/channel-store.ts';
import type { FleetStore } from '../../../client/store/fleet-store.ts';
import type { HistoryStore } from '../../../client/store/history-store.ts';
import { LookingBack } from '../../../client/store/looking-back.ts';
import type { TimeView } from '../../../client/store/time-view.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = 1_795_000_000_000;
const AHEAD_MS = NOW_MS + 5 * DAY_MS;

describe('looking back', () => {
  it('ends at the present, though the list of the history is a little newer than the newest row', () => {
    const looking = look({ page: { ...live(), storedToMs: NOW_MS + 1500 } });

    expect(looking.extent).toEqual({ firstMs: NOW_MS - DAY_MS, nowMs: NOW_MS, lastMs: NOW_MS });
  });

  it('reaches what is stored ahead of a clock that was set back, as listed or as it was seen to be', () => {
    const listed = look({ page: { ...live(), storedToMs: AHEAD_MS } });
    const seen = look({ page: { ...live(), droppedToMs: AHEAD_MS } });

    expect(listed.extent).toMatchObject({ nowMs: NOW_MS, lastMs: AHEAD_MS });
    expect(seen.extent).toMatchObject({ nowMs: NOW_MS, lastMs: AHEAD_MS });
    expect(seen.overviewMs).toBe(6 * DAY_MS);
  });

  it('reaches what is stored of any channel shown, before and after its own', () => {
    const looking = look({
      page: live(),
      other: { storedFromMs: NOW_MS - 9 * DAY_MS, storedToMs: AHEAD_MS },
    });
    expect(looking.extent.lastMs).toBe(NOW_MS);

    looking.compare({ others: ['other'] });

    expect(looking.extent).toEqual({ firstMs: NOW_MS - 9 * DAY_MS, nowMs: NOW_MS, lastMs: AHEAD_MS });
  });

  it('begins where a clock went back to before the history says so', () => {
    const looking = look({ page: { ...live(), oldestMs: NOW_MS - 20 * DAY_MS } });

    expect(looking.extent.firstMs).toBe(NOW_MS - 20 * DAY_MS);
  });

  it.each([HOUR_MS, 365 * DAY_MS])('goes to a time ahead and stays there, in a view of %d ms', (spanMs) => {
    const looking = look({ page: { ...live(), storedToMs: AHEAD_MS } }, { kind: 'live', spanMs });
    const timeMs = AHEAD_MS - 2 * HOUR_MS;

    expect(looking.goTo(timeMs)).toBeUndefined();

    const { fromMs, toMs } = looking.range!;
    expect(looking.value).toMatchObject({ view: { kind: 'past' }, cursorMs: timeMs });
    expect(fromMs).toBeLessThan(timeMs);
    expect(toMs).toBeGreaterThan(timeMs);
    looking.goLive();
    expect(looking.range).toEqual({ fromMs: NOW_MS - spanMs, toMs: NOW_MS });
  });

  it('says on which side of all there is a time lies, and points at nothing there', () => {
    const looking = look({ page: live() });

    expect(looking.goTo(NOW_MS - 9 * DAY_MS)).toBe('before');
    expect(looking.value.cursorMs).toBeUndefined();
    expect(looking.goTo(NOW_MS + HOUR_MS)).toBe('after');
    expect(looking.value).toMatchObject({ view: { kind: 'live' }, cursorMs: undefined });
    expect(looking.goTo(NOW_MS - HOUR_MS)).toBeUndefined();
    expect(looking.value.cursorMs).toBe(NOW_MS - HOUR_MS);
  });
});

interface Known {
  readonly oldestMs?: number;
  readonly newestMs?: number;
  readonly droppedToMs?: number;
  readonly storedFromMs?: number;
  readonly storedToMs?: number;
}

/** A channel with a day of history, whose rows go on. */
function live(): Known {
  return {
    oldestMs: NOW_MS - 60_000,
    newestMs: NOW_MS,
    storedFromMs: NOW_MS - DAY_MS,
    storedToMs: NOW_MS - 1000,
  };
}

function look(channels: Record<string, Known>, view: TimeView = { kind: 'live', spanMs: HOUR_MS }): LookingBack {
  const find = (name: string) => {
    const { oldestMs, newestMs, droppedToMs = Number.NEGATIVE_INFINITY } = channels[name];
    const store = { edgeMs: newestMs, isLate: false, rows: { oldestMs, newestMs }, streams: { droppedToMs } };
    return newestMs === undefined ? undefined : (store as unknown as ChannelStore);
  };
  const stored = Object.entries(channels).map(([name, { storedFromMs, storedToMs }]) => [
    name,
    { name, firstMs: storedFromMs, lastMs: storedToMs },
  ]);
  return new LookingBack('page', {
    fleet: { find } as FleetStore,
    history: { value: { channels: new Map(stored as []) } } as unknown as HistoryStore,
    look: { view, cursorMs: undefined, others: [], layout: 'overlay' },
  });
}
