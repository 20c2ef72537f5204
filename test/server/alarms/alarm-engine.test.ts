import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { actionOn, KIM } from '../../support/kept-alarms.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { WatchedAlarms } from '../../support/watched-alarms.ts';

const HIGH = { channels: ['lamp*'] };
const TAG = 'high:lamp';

describe('the engine of alarms', () => {
  it('raises within the window that shows it, and clears within the one that does not', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: HIGH });
    watched.engine.setChannel('lamp');

    watched.window('lamp', 0.4);
    expect(watched.told).toEqual([]);
    watched.window('lamp', 0.6);
    expect(watched.told).toEqual(['raise high:lamp !']);
    expect(watched.find(TAG)).toMatchObject({
      state: 'unacknowledged',
      channel: 'lamp',
      priority: 'high',
      finding: { value: 0.6, limit: 0.5 },
      beganNs: '1700000000005000000',
    });
    watched.window('lamp', 0.4);
    expect(watched.told).toEqual(['raise high:lamp !', 'clear high:lamp']);
  });

  it('watches channels of the settings and those that a definition names from the start, and others once they open', async () => {
    const definitions = { high: HIGH, low: { channels: ['torch'] } };
    const watched = await WatchedAlarms.start(new MemoryLog(), definitions, { listed: ['lamp-a'] });
    const tags = () => [...watched.kept.states.defined()].map(({ tag }) => tag).sort();

    expect(tags()).toEqual(['high:lamp-a', 'low:torch']);
    watched.engine.setChannel('lamp-b');
    watched.engine.setChannel('lamp-b');
    expect(tags()).toEqual(['high:lamp-a', 'high:lamp-b', 'low:torch']);
    watched.window('lamp-b', 1);
    expect(watched.told).toEqual(['raise high:lamp-b !']);
  });

  it('waits for delays on the sample clock, and by ticks where samples stop', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: { ...HIGH, onDelaySeconds: 0.02 } });
    watched.engine.setChannel('lamp');

    for (let i = 0; i < 4; i++) watched.window('lamp', 1);
    expect(watched.told).toEqual([]);
    watched.window('lamp', 1);
    expect(watched.told).toEqual(['raise high:lamp !']);
  });

  it('raises what is silent, by ticks', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { stale: { ...HIGH, condition: { kind: 'stale' } } });
    watched.engine.setChannel('lamp');
    watched.window('lamp', 0);

    watched.wait(2900);
    expect(watched.told).toEqual([]);
    watched.wait(400);
    expect(watched.told).toEqual(['raise stale:lamp !']);
    watched.window('lamp', 0);
    expect(watched.told).toEqual(['raise stale:lamp !', 'clear stale:lamp']);
  });

  it('watches figures of the server, each for its alarms', async () => {
    const condition = { kind: 'system', figure: 'disk-free', below: 5 };
    const watched = await WatchedAlarms.start(new MemoryLog(), { disk: { condition } });

    watched.engine.setFigure('cpu-load', 3);
    watched.engine.setFigure('disk-free', 3);

    expect(watched.told).toEqual(['raise disk !']);
  });

  it('keeps states over a restart until data say otherwise', async () => {
    const log = new MemoryLog();
    const before = await WatchedAlarms.start(log, { high: HIGH, low: { channels: ['lamp*'] } });
    before.engine.setChannel('lamp');
    before.window('lamp', 1);
    await before.kept.states.act(actionOn([before.find(TAG)]), KIM);
    await setImmediate();

    const after = await WatchedAlarms.start(log, { high: HIGH });
    expect(after.find(TAG)).toMatchObject({ state: 'acknowledged', occurrence: 1 });
    expect(after.told).toEqual(['remove low:lamp']);
    after.wait(60_000);
    after.engine.setChannel('lamp');
    after.window('lamp', 1);
    expect(after.find(TAG)).toMatchObject({ state: 'acknowledged', occurrence: 1 });
    after.window('lamp', 0);
    expect(after.told).toEqual(['remove low:lamp', 'clear high:lamp']);
  });

  it('ends shelves in their time, also where that came while nothing ran', async () => {
    const log = new MemoryLog();
    const watched = await WatchedAlarms.start(log, { high: HIGH });
    watched.engine.setChannel('lamp');
    watched.window('lamp', 1);
    const shelve = { action: 'shelve', comment: 'noise', until: { seconds: 60 } } as const;
    await watched.kept.states.act(actionOn([watched.find(TAG)], shelve), KIM);
    const { clock } = watched.kept;

    const after = await WatchedAlarms.start(log, { high: HIGH }, { clock });
    watched.wait(59_900);
    expect(watched.told).toHaveLength(2);
    watched.wait(100);
    expect(watched.told.slice(2)).toEqual(['unshelve high:lamp !']);
    expect(watched.find(TAG)).toMatchObject({ state: 'unacknowledged', occurrence: 2 });
    after.engine.tick();
    expect(after.told).toEqual(['unshelve high:lamp !']);
  });

  it('ends shelves in their time although the clock is set back, and with every start at which it is before they began', async () => {
    const log = new MemoryLog();
    const watched = await WatchedAlarms.start(log, { high: HIGH });
    watched.engine.setChannel('lamp');
    watched.window('lamp', 1);
    const shelve = { action: 'shelve', comment: 'noise', until: { seconds: 60 } } as const;
    await watched.kept.states.act(actionOn([watched.find(TAG)], shelve), KIM);
    watched.wait(30_000);
    const { clock } = watched.kept;
    clock.set(-20_000);
    const after = await WatchedAlarms.start(log, { high: HIGH }, { clock });
    clock.set(-9 * 86_400_000);
    const long = await WatchedAlarms.start(log, { high: HIGH }, { clock });

    long.wait(100);
    expect(long.told).toEqual(['unshelve high:lamp !']);
    watched.wait(29_800);
    after.engine.tick();
    expect([watched.told.length, after.told.length]).toEqual([2, 0]);
    watched.wait(100);
    expect(watched.told.slice(2)).toEqual(['unshelve high:lamp !']);
    after.wait(19_900);
    expect(after.told).toEqual([]);
    after.wait(100);
    expect(after.told).toEqual(['unshelve high:lamp !']);
  });

  it('lets a shelf last as long as it was renewed for, and no longer than said by the clock', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: HIGH });
    watched.engine.setChannel('lamp');
    const shelve = { action: 'shelve', comment: 'noise', until: { seconds: 60 } } as const;
    await watched.kept.states.act(actionOn([watched.find(TAG)], shelve), KIM);
    watched.wait(30_000);
    await watched.kept.states.act(actionOn([watched.find(TAG)], shelve), KIM);

    watched.window('lamp', 1);
    watched.wait(59_800);
    expect(watched.told.at(-1)).toBe('raise high:lamp');
    watched.wait(200);
    expect(watched.told.at(-1)).toBe('unshelve high:lamp !');
    await watched.kept.states.act(actionOn([watched.find(TAG)], shelve), KIM);
    watched.kept.clock.set(60_000);
    watched.wait(100);
    expect(watched.told.slice(-2)).toEqual(['shelve high:lamp (noise)', 'unshelve high:lamp !']);
  });

  it('takes definitions that change: states stay where the tag does, and what is under way goes on where it watches for the same', async () => {
    const delayed = { ...HIGH, onDelaySeconds: 0.02 };
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: delayed, low: HIGH });
    watched.engine.setChannel('lamp');
    watched.window('lamp', 1);
    watched.window('lamp', 1);

    watched.define({ high: { ...delayed, priority: 'critical' }, low: { ...HIGH, condition: { kind: 'stale' } } });
    expect(watched.told).toEqual(['raise low:lamp !']);
    expect(watched.find('low:lamp')?.state).toBe('unacknowledged');
    for (let i = 0; i < 3; i++) watched.window('lamp', 1);
    expect(watched.told.slice(1)).toEqual(['clear low:lamp', 'raise high:lamp !']);
    watched.define({ high: { ...delayed, priority: 'low' } });

    expect(watched.told.slice(3)).toEqual(['remove low:lamp', 'redefine high:lamp']);
    expect(watched.find(TAG)).toMatchObject({ priority: 'low', state: 'unacknowledged', version: 2 });
    expect(watched.find('low:lamp')).toBeUndefined();
  });

  it('watches no more alarms than it has room for, and counts the others', async () => {
    const channels = Array.from({ length: 10_001 }, (_, i) => `lamp-${i}`);
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: HIGH, low: HIGH }, { listed: channels });

    expect([watched.engine.watched, watched.engine.refused]).toEqual([20_000, 2]);
    watched.engine.setChannel('lamp-more');
    expect([watched.engine.watched, watched.engine.refused]).toEqual([20_000, 4]);
  });
});
