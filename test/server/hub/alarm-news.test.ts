import { beforeEach, describe, expect, it } from 'vitest';
import type { Audience } from '../../../server/hub/audience.ts';
import { UNDER_WAY_BYTES } from '../../../server/hub/landing.ts';
import type { AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmReply, hiding, toldDefinition } from '../../support/alarm-replies.ts';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { trendWindow } from '../../support/trend-windows.ts';

const LONG = 'x'.repeat(400);

let clock: FakeClock;
let audience: Audience;
let turn: (() => void)[];

beforeEach(() => {
  clock = new FakeClock();
  turn = [];
  audience = createAudience(clock, 10, 1 << 26, (run) => turn.push(run));
});

describe('after the welcome', () => {
  it('nothing is told before the definitions were set: that no alarm is known is not that there is none', () => {
    const viewer = new FakeViewer(audience);
    audience.alarms.take(alarmReply());
    endTurn();
    expect(viewer.events.map(({ type }) => type)).toEqual(['welcome', 'channels']);

    audience.alarms.setDefinitions([toldDefinition()]);
    endTurn();
    expect(told(viewer)).toMatchObject([{ snapshot: 'last', alarms: [{ tag: 'light-high:PMT-1' }] }]);
  });

  it('all that stand are told at once with the definitions they name, and that this is all, and of floods', () => {
    audience.alarms.setDefinitions([toldDefinition(), toldDefinition('light-low'), toldDefinition('idle')]);
    audience.alarms.take(alarmReply());
    audience.alarms.take(
      alarmReply({ channel: 'PMT-2', definition: 'light-low', state: 'normal', hidden: [hiding('shelved')] }),
    );
    audience.alarms.take(alarmReply({ channel: 'PMT-3', state: 'normal' }));
    audience.alarms.setFlood({ sinceMs: 5, firstOut: 'light-high:PMT-1' });
    endTurn();

    const { events } = new FakeViewer(audience);

    expect(events).toMatchObject([
      { type: 'welcome' },
      { type: 'channels' },
      { type: 'alarm-definitions', definitions: [{ id: 'light-high' }, { id: 'light-low' }] },
      { type: 'alarms', snapshot: 'last', alarms: [{ channel: 'PMT-1' }, { channel: 'PMT-2' }] },
      { type: 'alarm-flood', sinceMs: 5, firstOut: 'light-high:PMT-1' },
    ]);
  });

  it('that none stands is told too', () => {
    audience.alarms.setDefinitions([]);
    endTurn();
    expect(new FakeViewer(audience).events.slice(2)).toEqual([
      { type: 'alarms', snapshot: 'last', alarms: [] },
      { type: 'alarm-flood' },
    ]);
  });

  it('the most urgent come first', () => {
    audience.alarms.setDefinitions([]);
    const rows: [string, Partial<AlarmReply>][] = [
      ['low', { priority: 'low' }],
      ['hidden', { priority: 'critical', hidden: [hiding('shelved')] }],
      ['older', { priority: 'critical' }],
      ['acknowledged', { priority: 'critical', state: 'acknowledged' }],
      ['newer', { priority: 'critical', state: 'rtn-unacknowledged' }],
      ['high', { priority: 'high' }],
    ];
    for (const [channel, fields] of rows) audience.alarms.take(alarmReply({ channel, ...fields }));
    endTurn();

    const names = told(new FakeViewer(audience))[0].alarms.map(({ channel }) => channel);
    expect(names).toEqual(['older', 'high', 'low', 'newer', 'acknowledged', 'hidden']);
  });
});

describe('changes', () => {
  beforeEach(() => audience.alarms.setDefinitions([toldDefinition(), toldDefinition('light-low')]));

  it('go out when the turn is over, those of a turn together, without a tick, subscribed or not', () => {
    const viewer = watch();
    audience.alarms.take(alarmReply());
    audience.alarms.take(alarmReply({ channel: 'PMT-2' }));
    audience.alarms.take(alarmReply({ version: 2, state: 'acknowledged' }));
    expect(viewer.events).toEqual([]);
    endTurn();

    expect(viewer.events.map(({ type }) => type)).toEqual(['alarm-definitions', 'alarms']);
    expect(told(viewer)).toMatchObject([{ alarms: [{ channel: 'PMT-2' }, { channel: 'PMT-1', version: 2 }] }]);
    expect(told(viewer)[0]).not.toHaveProperty('snapshot');
    expect(audience.counters.alarmsReplaced).toBe(0);
  });

  it('go out before the trends of a tick', () => {
    audience.setChannel(channelInfo('PMT-1'));
    clock.advance(200);
    audience.tick();
    const viewer = watch();
    viewer.subscribe([{ name: '*' }]);
    const order: string[] = [];
    const send = viewer.send.bind(viewer);
    viewer.send = (data, options) => {
      order.push(options.binary ? 'frame' : JSON.parse(data.toString()).type);
      send(data, options);
    };
    for (let index = 0; index < 8; index++) {
      audience.sendTrend(trendWindow({ channel: 'PMT-1', index, arrivedMs: clock.nowMs() }));
    }
    audience.alarms.take(alarmReply());
    audience.tick();

    expect(order).toEqual(['alarm-definitions', 'alarms', 'frame']);
  });

  it('bring a definition once, again when it has changed, and not one that no alarm names', () => {
    const viewer = watch();
    const defined = () => {
      endTurn();
      const ids = viewer.events.flatMap((event) => (event.type === 'alarm-definitions' ? event.definitions : []));
      viewer.forget();
      return ids.map(({ id, priority }) => `${id} ${priority}`);
    };
    audience.alarms.take(alarmReply());
    expect(defined()).toEqual(['light-high high']);
    audience.alarms.take(alarmReply({ version: 2 }));
    audience.alarms.setDefinitions([toldDefinition(), toldDefinition('light-low', { priority: 'low' })]);
    expect(defined()).toEqual([]);
    audience.alarms.setDefinitions([toldDefinition('light-high', { priority: 'low' }), toldDefinition('light-low')]);
    expect(defined()).toEqual(['light-high low']);
  });

  it('are encoded once for all who know the same, those who came later too', () => {
    const texts = new Set<Buffer>();
    const spy = (viewer: FakeViewer) => {
      viewer.send = (data) => void texts.add(data);
    };
    for (let i = 0; i < 50; i++) spy(watch());
    audience.alarms.take(alarmReply());
    endTurn();
    expect(texts.size).toBe(2); // with the definition
    for (let i = 0; i < 50; i++) spy(watch());
    audience.alarms.take(alarmReply({ version: 2 }));
    endTurn();

    expect(texts.size).toBe(3);
  });

  it('wait while those before are under way: the newest of an alarm, the others are counted', () => {
    const viewer = watch();
    let version = 0;
    const change = () => {
      audience.alarms.take(alarmReply({ version: ++version, comment: { by: 'A', atMs: 1, comment: LONG } }));
      endTurn();
    };
    for (let i = 0; i < 200; i++) change();
    const bytes = bytesOf(viewer);
    expect(bytes).toBeLessThanOrEqual(UNDER_WAY_BYTES);
    expect(bytes).toBeGreaterThan(UNDER_WAY_BYTES / 2);
    expect(audience.counters.alarmsReplaced).toBe(version - told(viewer).length - 1); // one waits
    expect(audience.alarms.behind).toBe(1);

    viewer.land();
    expect(told(viewer).at(-1)).toMatchObject({ alarms: [{ version }] });
    expect(audience.alarms.behind).toBe(0);
  });

  it('come on as those before land, with no more under way', () => {
    const viewer = watch();
    flood(400);
    endTurn();
    expect(bytesOf(viewer)).toBeGreaterThan(UNDER_WAY_BYTES / 2);
    audience.takePong(viewer.viewer, viewer.asked!); // which was asked for half way
    expect(bytesOf(viewer)).toBeGreaterThan(UNDER_WAY_BYTES);
    expect(bytesOf(viewer)).toBeLessThanOrEqual(1.6 * UNDER_WAY_BYTES);
  });

  it('do not end a viewer whose queue is long, and come with a tick when it is short', () => {
    const viewer = watch();
    viewer.bufferedAmount = 300 * 1024;
    audience.alarms.take(alarmReply());
    endTurn();
    expect(viewer.events).toEqual([]);

    viewer.bufferedAmount = 0;
    audience.tick();
    expect(told(viewer)).toHaveLength(1);
  });

  it('ask for pongs that do not count against the rate, each once', () => {
    const viewer = watch();
    flood(400);
    endTurn();
    const answer = viewer.asked!;
    for (let i = 0; i < 30; i++) viewer.land();
    expect(viewer.closeCode).toBeUndefined();

    for (let i = 0; i < 30; i++) audience.takePong(viewer.viewer, answer);
    expect(viewer.closeCode).toBe(1008);
  });
});

function endTurn(): void {
  for (let run = turn.shift(); run; run = turn.shift()) run();
}

function watch(): FakeViewer {
  endTurn();
  const viewer = new FakeViewer(audience);
  viewer.forget();
  return viewer;
}

function flood(count: number, from = 0): void {
  const priorities = ['critical', 'high', 'medium', 'low'] as const;
  for (let i = from; i < from + count; i++) {
    audience.alarms.take(alarmReply({ channel: `c${i}`, priority: priorities[i % 4] }));
  }
}

/** The alarms it was told, by message. */
function told(viewer: FakeViewer) {
  return viewer.events.flatMap((event) => (event.type === 'alarms' ? [event] : []));
}

function bytesOf(viewer: FakeViewer): number {
  return viewer.events.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
}
