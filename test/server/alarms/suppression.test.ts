import { describe, expect, it } from 'vitest';
import { actionOn, KIM } from '../../support/kept-alarms.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { WatchedAlarms } from '../../support/watched-alarms.ts';

const LAMP = { channels: ['lamp'] };
const TRIP = { ...LAMP, condition: { kind: 'limit', figure: 'max', above: 0.9 } };
const CHILD = { ...LAMP, suppress: { parent: 'trip' } };
const WHILE_OFF = { ...LAMP, suppress: { whileOff: true } };

describe('alarms that are hidden by design', () => {
  it('are not shown where their parent is raised in the same window, whatever their order', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { child: CHILD, trip: TRIP });

    watched.window('lamp', 1);
    expect(watched.told).toEqual(['raise trip:lamp !', 'suppress child:lamp (trip:lamp)', 'raise child:lamp']);
    expect(watched.find('child:lamp')).toMatchObject({
      state: 'unacknowledged',
      hidden: [{ reason: 'suppressed-by-design', comment: 'trip:lamp' }],
    });
    watched.window('lamp', 0);
    expect(watched.told.slice(3)).toEqual(['clear child:lamp', 'clear trip:lamp', 'unsuppress child:lamp']);
  });

  it('are hidden where they stood before their parent, and shown anew where they stand after it', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { child: CHILD, trip: TRIP });
    watched.window('lamp', 0.6);
    await watched.kept.states.act(actionOn([watched.find('child:lamp')]), KIM);

    watched.window('lamp', 1);
    watched.window('lamp', 0.6);

    expect(watched.told.slice(2)).toEqual([
      'raise trip:lamp !',
      'suppress child:lamp (trip:lamp)',
      'clear trip:lamp',
      'unsuppress child:lamp !',
    ]);
    expect(watched.find('child:lamp')).toMatchObject({ state: 'unacknowledged', occurrence: 2 });
  });

  it('are shown while their parent is out of service, as it is not believed', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { child: CHILD, trip: TRIP });
    watched.window('lamp', 1);
    const out = { action: 'out-of-service', comment: 'broken' } as const;

    await watched.kept.states.act(actionOn([watched.find('trip:lamp')], out), KIM);
    expect(watched.told.slice(3)).toEqual(['out-of-service trip:lamp (broken)', 'unsuppress child:lamp !']);
    await watched.kept.states.act(actionOn([watched.find('trip:lamp')], { action: 'in-service' }), KIM);

    expect(watched.told.slice(5)).toEqual(['in-service trip:lamp !', 'suppress child:lamp (trip:lamp)']);
  });

  it('are shown while their parent is shelved, as nobody sees it, and hidden again after it', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { child: CHILD, trip: TRIP });
    watched.window('lamp', 1);
    const shelve = { action: 'shelve', comment: 'noise', until: { seconds: 60 } } as const;

    await watched.kept.states.act(actionOn([watched.find('trip:lamp')], shelve), KIM);
    expect(watched.told.slice(3)).toEqual(['shelve trip:lamp (noise)', 'unsuppress child:lamp !']);
    watched.wait(60_000);
    expect(watched.told.slice(5)).toEqual(['unshelve trip:lamp !', 'suppress child:lamp (trip:lamp)']);
  });

  it('are shown where their parent is raised while it is shelved, and hidden by one that is itself suppressed', async () => {
    const grandchild = { ...LAMP, suppress: { parent: 'child' } };
    const watched = await WatchedAlarms.start(new MemoryLog(), { child: CHILD, grandchild, trip: TRIP });
    watched.window('lamp', 0);
    const shelve = { action: 'shelve', comment: 'noise', until: { seconds: 60 } } as const;
    await watched.kept.states.act(actionOn([watched.find('trip:lamp')], shelve), KIM);

    watched.window('lamp', 1);
    expect(watched.told.slice(1).toSorted()).toEqual([
      'raise child:lamp !',
      'raise grandchild:lamp',
      'raise trip:lamp',
      'suppress grandchild:lamp (child:lamp)',
    ]);
    await watched.kept.states.act(actionOn([watched.find('trip:lamp')], { action: 'unshelve' }), KIM);
    expect(watched.told.slice(5)).toEqual(['unshelve trip:lamp !', 'suppress child:lamp (trip:lamp)']);
    expect(watched.find('grandchild:lamp')!.hidden).toHaveLength(1);
  });

  it('are shown where the parent is removed', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { child: CHILD, trip: TRIP });
    watched.window('lamp', 1);

    watched.define({ child: LAMP });

    expect(watched.told.slice(3)).toEqual(['remove trip:lamp', 'unsuppress child:lamp !']);
  });

  it('are hidden while their channel is off, and judged by its first window before they are shown', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: WHILE_OFF, other: LAMP });
    watched.ledger('lamp', { live: true });
    watched.window('lamp', 1);
    const stood = ['raise high:lamp !', 'raise other:lamp !'];
    expect(watched.told).toEqual(stood);

    watched.ledger('lamp', { live: false });
    watched.ledger('lamp', { live: false });
    expect(watched.told.slice(2)).toEqual(['suppress high:lamp (channel off)']);
    watched.ledger('lamp', { live: true });
    expect(watched.told).toHaveLength(3);
    watched.window('lamp', 0);

    expect(watched.told.slice(3)).toEqual(['clear high:lamp', 'clear other:lamp', 'unsuppress high:lamp']);
    expect(watched.find('high:lamp')?.state).toBe('rtn-unacknowledged');
  });

  it('are shown where their channel is back and sends nothing', async () => {
    const watched = await WatchedAlarms.start(new MemoryLog(), { high: WHILE_OFF });
    watched.ledger('lamp', { live: true });
    watched.window('lamp', 1);
    watched.ledger('lamp', { live: false });

    watched.ledger('lamp', { live: true });
    watched.wait(2900);
    expect(watched.told).toHaveLength(2);
    watched.wait(100);

    expect(watched.told.slice(2)).toEqual(['unsuppress high:lamp !']);
  });

  it('stay as they were over a restart until it is known whether their channel is off', async () => {
    const log = new MemoryLog();
    const before = await WatchedAlarms.start(log, { high: WHILE_OFF, other: WHILE_OFF });
    before.ledger('lamp', { live: true });
    before.window('lamp', 1);
    before.ledger('lamp', { live: false });
    await before.kept.states.act(actionOn([before.find('high:lamp')]), KIM);

    const back = await WatchedAlarms.start(log, { high: WHILE_OFF });
    back.wait(29_000);
    back.ledger('lamp', { live: true });
    back.wait(100);
    expect(back.told).toEqual(['remove other:lamp']);
    back.window('lamp', 1);
    expect(back.told.slice(1)).toEqual(['unsuppress high:lamp !']);

    const gone = await WatchedAlarms.start(log, { high: WHILE_OFF });
    gone.wait(29_900);
    gone.window('torch', 1);
    expect(gone.find('high:lamp')).toMatchObject({ state: 'acknowledged', hidden: [{ comment: 'channel off' }] });
    gone.wait(200);
    expect(gone.told).toEqual(['remove other:lamp']);
  });

  it('that stand are hidden some time after a start where nothing was heard of their channel', async () => {
    const log = new MemoryLog();
    const before = await WatchedAlarms.start(log, { high: LAMP });
    before.window('lamp', 1);
    await before.kept.states.act(actionOn([before.find('high:lamp')]), KIM);

    const after = await WatchedAlarms.start(log, { high: WHILE_OFF });
    after.wait(29_900);
    expect(after.told).toEqual([]);
    after.wait(100);

    expect(after.told).toEqual(['suppress high:lamp (channel off)']);
  });
});
