import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryLog } from '../../support/memory-log.ts';
import { WatchedAlarms } from '../../support/watched-alarms.ts';

const BEGAN_NS = 1_700_000_000_005_000_000n;
const RECORDED = { channels: ['lamp'], capture: { beforeSeconds: 2, afterSeconds: 3 } };
const DELAYED = { ...RECORDED, onDelaySeconds: 0.01 };

describe('the recordings of alarms', () => {
  it('are held from where the condition began, and confirmed where it lasts', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: DELAYED });
    watched.window('lamp', 0);
    watched.window('lamp', 1);
    expect(watched.desk.calls).toEqual(['hold lamp']);
    expect(watched.desk.orders).toEqual([
      {
        channel: 'lamp',
        cause: { kind: 'alarm', text: 'high:lamp: Light high' },
        span: { kind: 'between', fromNs: BEGAN_NS - 2_000_000_000n, toNs: BEGAN_NS + 3_010_000_000n },
      },
    ]);

    watched.window('lamp', 1);
    watched.window('lamp', 1);
    await setImmediate();

    expect(watched.desk.calls.slice(1)).toEqual(['confirm capture-1']);
    expect(watched.told).toEqual(['raise high:lamp !', 'capture high:lamp']);
    expect(watched.find('high:lamp')?.capture).toBe('capture-1');
  });

  it('are let go where the condition passes', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: DELAYED });
    watched.window('lamp', 1);
    watched.window('lamp', 0);
    await setImmediate();

    expect(watched.desk.calls).toEqual(['hold lamp', 'release capture-1']);
    expect(watched.told).toEqual([]);
  });

  it('begin at once where there is no delay', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: RECORDED });
    watched.window('lamp', 1);
    await setImmediate();

    expect(watched.desk.calls).toEqual(['capture lamp']);
    expect(watched.find('high:lamp')?.capture).toBe('capture-1');
  });

  it('are named where they were refused, as the list says why, and counted where nobody knows of them', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: DELAYED });
    watched.desk.isHeld = false;
    for (let i = 0; i < 3; i++) watched.window('lamp', 1);
    await setImmediate();
    expect(watched.find('high:lamp')?.capture).toBe('capture-1');
    expect(watched.captures.failed).toBe(0);

    watched.desk.isKnown = false;
    watched.window('lamp', 0);
    for (let i = 0; i < 3; i++) watched.window('lamp', 1);
    await setImmediate();

    expect(watched.find('high:lamp')).toMatchObject({ occurrence: 2 });
    expect(watched.find('high:lamp')?.capture).toBeUndefined();
    expect(watched.captures.failed).toBe(1);
  });

  it('are not made of alarms that are hidden', async () => {
    const out = { suppress: { parent: 'trip' } };
    const trip = { channels: ['lamp'], condition: { kind: 'limit', figure: 'max', above: 0.9 } };
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: { ...DELAYED, ...out }, trip });
    for (let i = 0; i < 3; i++) watched.window('lamp', 1);
    await setImmediate();

    expect(watched.told).toContain('raise high:lamp');
    expect(watched.desk.calls).toEqual(['hold lamp', 'release capture-1']);
  });

  it('are not made anew of alarms that stand after a restart', async () => {
    const log = new MemoryLog();
    const before = await WatchedAlarms.start(log, { high: DELAYED });
    for (let i = 0; i < 3; i++) before.window('lamp', 1);
    await setImmediate();

    const after = await WatchedAlarms.start(log, { high: DELAYED });
    for (let i = 0; i < 3; i++) after.window('lamp', 1);
    await setImmediate();

    expect(after.desk.calls).toEqual(['hold lamp', 'release capture-1']);
    expect(after.find('high:lamp')?.capture).toBe('capture-1');
  });

  it('are asked for only so many at a time: alarms do not wait for them', async () => {
    const channels = Array.from({ length: 100 }, (_, i) => `lamp-${i}`);
    const watched = await WatchedAlarms.start(
      new MemoryLog(),
      { high: { ...RECORDED, channels: ['lamp-*'] } },
      { listed: channels },
    );
    for (const channel of channels) watched.window(channel, 1);
    await setImmediate();

    expect(watched.kept.published.filter(({ entry }) => entry.event === 'raise')).toHaveLength(100);
    expect(watched.desk.calls).toHaveLength(64);
    expect(watched.captures.failed).toBe(36);
  });
});
