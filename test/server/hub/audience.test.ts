// Over 300 lines: every rule of what a viewer is sent, on one stage set with a fake clock.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Audience } from '../../../server/hub/audience.ts';
import { IN_FLIGHT_BYTES } from '../../../server/wire/events.ts';
import { createAudience, EPOCH } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { trendWindow } from '../../support/trend-windows.ts';

let clock: FakeClock;
let audience: Audience;
let fed: Map<string, number>;

beforeEach(() => {
  clock = new FakeClock();
  fed = new Map();
  audience = createAudience(clock, 10);
  open('PMT-1');
  open('PMT-2');
});

describe('in step', () => {
  it('sends the same bytes to all with the same subscription, and not a copy', () => {
    const [a, b] = [new FakeViewer(audience), new FakeViewer(audience)];
    a.subscribe([{ name: 'PMT-1' }, { name: 'PMT-2' }]);
    b.subscribe([{ name: '*' }]);

    feed('PMT-1', 8);
    feed('PMT-2', 8);
    audience.tick();

    expect(a.frames).toHaveLength(1);
    expect(b.frames[0]).toBe(a.frames[0]);
    expect(audience.feeds).toBe(1);
    expect([a.ranges(0), a.ranges(1)]).toEqual([[[0, 7]], [[0, 7]]]);
  });

  it('encodes nothing for a subscription once nobody has it', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1' }]);
    viewer.subscribe([{ name: 'PMT-2' }]);
    expect(audience.feeds).toBe(1);

    audience.dismiss(viewer.viewer);

    expect(audience.feeds).toBe(0);
  });

  it('merges windows for a lower rate, and sends a row when it is whole', () => {
    const viewer = new FakeViewer(audience);
    expect(viewer.subscribe([{ name: 'PMT-1', rate: 50 }]).channels).toMatchObject([{ span: 4 }]);

    feed('PMT-1', 7);
    audience.tick();
    expect(viewer.ranges(0)).toEqual([[0, 3]]);

    clock.advance(1001); // silence ends the row that is open
    audience.tick();
    expect(viewer.ranges(0)).toEqual([
      [0, 3],
      [4, 6],
    ]);
  });

  it('never sends more rows a second than asked for', () => {
    const viewer = new FakeViewer(audience);

    const { channels } = viewer.subscribe([
      { name: 'PMT-1', rate: 60 },
      { name: 'PMT-2', rate: 1000 },
    ]);

    expect(channels.map(({ span }) => span)).toEqual([4, 1]);
  });

  it('takes channels that come later into a subscription to all, and those that were named before', () => {
    const [all, one] = [new FakeViewer(audience), new FakeViewer(audience)];
    all.subscribe([{ name: '*' }]);
    one.subscribe([{ name: 'PMT-3' }]);

    open('PMT-3');
    feed('PMT-3', 2);
    clock.advance(1000);
    audience.tick();

    expect(all.lastEvent('channels')?.channels.map(({ name }) => name)).toEqual(['PMT-1', 'PMT-2', 'PMT-3']);
    expect(all.lastEvent('subscribed')?.channels.map(({ name }) => name)).toEqual(['PMT-1', 'PMT-2', 'PMT-3']);
    expect(one.ranges(2)).toEqual([[0, 1]]);
  });
});

describe('resuming', () => {
  it('brings exactly the windows after the newest one held', () => {
    feed('PMT-1', 1000);
    const viewer = new FakeViewer(audience);

    expect(viewer.subscribe([{ name: 'PMT-1', after: 899 }], EPOCH).channels).toMatchObject([
      { from: 900, next: 1000 },
    ]);
    run(viewer, 3);

    expect(spanned(viewer, 0)).toEqual({ from: 900, to: 1000, holes: 0 });
  });

  it('tells the range that is gone from the buffer', () => {
    feed('PMT-1', 5000); // the buffer holds 2000
    const viewer = new FakeViewer(audience);

    const { channels } = viewer.subscribe([{ name: 'PMT-1', after: 99 }], EPOCH);
    run(viewer, 3);

    expect(channels).toMatchObject([{ from: 3000, gone: { from: 100, to: 3000 } }]);
    expect(spanned(viewer, 0)).toEqual({ from: 3000, to: 5000, holes: 0 });
  });

  it('tells what the buffer lost while the viewer was catching up', () => {
    feed('PMT-1', 2000);
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1', lastSeconds: 10 }]);

    feed('PMT-1', 2000); // before it acknowledged anything
    run(viewer, 5);

    const { gone, from } = viewer.lastEvent('subscribed')!.channels[0];
    const before = viewer.ranges(0).filter(([first]) => first < gone!.from);
    expect(before.at(-1)![1]).toBe(gone!.from - 1);
    expect([gone!.to, from]).toEqual([2000, 2000]);
    expect(viewer.ranges(0).at(-1)![1]).toBe(3999);
  });

  it('starts anew where the epoch is another', () => {
    feed('PMT-1', 1000);
    const viewer = new FakeViewer(audience);

    const { channels } = viewer.subscribe([{ name: 'PMT-1', after: 9_999_999, lastSeconds: 1 }], 'another-life');

    expect(channels).toMatchObject([{ from: 800, next: 1000 }]);
    expect(channels[0].gone).toBeUndefined();
  });

  it('goes over to the frames of all when it has caught up', () => {
    feed('PMT-1', 1500);
    const [live, late] = [new FakeViewer(audience), new FakeViewer(audience)];
    live.subscribe([{ name: 'PMT-1' }]);
    late.subscribe([{ name: 'PMT-1', lastSeconds: 10 }]);
    for (let i = 0; i < 5; i++) {
      feed('PMT-1', 8);
      audience.tick();
      late.acknowledgeAll();
    }

    expect(late.frames.at(-1)).toBe(live.frames.at(-1));
    expect(spanned(late, 0)).toEqual({ from: 0, to: 1540, holes: 0 });
  });

  it('changes the rate of a channel without losing or doubling a window', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1' }]);
    feed('PMT-1', 6);
    audience.tick();
    viewer.subscribe([{ name: 'PMT-1', rate: 50, after: 5 }], EPOCH);
    feed('PMT-1', 7);
    run(viewer, 3);

    expect(viewer.ranges(0)).toEqual([
      [0, 5],
      [6, 11],
    ]);
    // The rest of row 1, whose first half went before, and row 2.
    expect(viewer.blocks.at(-1)).toMatchObject({ firstRow: 1, windows: 6, count: Uint32Array.of(100_000, 200_000) });
  });
});

describe('a slow viewer', () => {
  it('has at most 64 KiB on the way, and nobody else waits for it', () => {
    const [slow, quick] = [new FakeViewer(audience), new FakeViewer(audience)];
    slow.subscribe([{ name: '*' }]);
    quick.subscribe([{ name: '*' }]);
    for (let i = 0; i < 300; i++) {
      feed('PMT-1', 8);
      feed('PMT-2', 8);
      audience.tick();
      quick.acknowledgeAll();
      clock.advance(40);
    }

    expect(slow.bytes).toBeLessThanOrEqual(IN_FLIGHT_BYTES);
    expect(slow.bytes).toBeGreaterThan(IN_FLIGHT_BYTES - 2000);
    expect(spanned(quick, 0)).toEqual({ from: 0, to: 2400, holes: 0 });
  });

  it('gets everything when it acknowledges again', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: '*' }]);
    for (let i = 0; i < 200; i++) {
      feed('PMT-1', 8);
      feed('PMT-2', 8);
      audience.tick();
    }
    run(viewer, 5);

    expect(spanned(viewer, 0)).toEqual({ from: 0, to: 1600, holes: 0 });
    expect(spanned(viewer, 1)).toEqual({ from: 0, to: 1600, holes: 0 });
  });

  it('still gets heartbeats and answers at once', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1' }]);
    for (let i = 0; i < 250; i++) {
      feed('PMT-1', 8);
      audience.tick();
    }

    audience.beat();
    viewer.say({ type: 'ping', id: 4 });

    expect(viewer.lastEvent('heartbeat')?.channels[0]).toMatchObject({ name: 'PMT-1', next: 2000 });
    expect(viewer.lastEvent('pong')).toMatchObject({ id: 4 });
  });

  it('is made coarser, told so, and cut off with 1013 when it takes nothing in', () => {
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: '*' }]);
    for (let second = 0; second < 30; second++) live(1);

    const coarseness = viewer.events.flatMap((event) => (event.type === 'subscribed' ? [event.coarseness] : []));
    expect(coarseness).toEqual([1, 2, 4, 8, 16]);
    expect(viewer.closeCode).toBe(1013);
    expect(viewer.lastEvent('error')).toMatchObject({ code: 'TOO_SLOW' });
    expect(viewer.isTerminated).toBe(true);
    expect(audience.counters).toMatchObject({ coarsened: 4, ended: { TOO_SLOW: 1 } });
  });

  it('is cut off when its queue would pass 1 MiB', () => {
    const viewer = new FakeViewer(audience);
    viewer.bufferedAmount = 1024 * 1024 - 100;
    viewer.say({ type: 'ping', id: 1 });
    expect(viewer.closeCode).toBeUndefined();
    viewer.bufferedAmount = 1024 * 1024 - 10;

    viewer.say({ type: 'ping', id: 2 });

    expect([viewer.closeCode, viewer.lastEvent('pong')?.id]).toEqual([1013, 1]);
    expect(audience.counters.longestQueueBytes).toBe(1024 * 1024 - 100);
  });

  it('is told what the buffer has lost once, not each time it loses more', () => {
    const viewer = new FakeViewer(audience);
    feed('PMT-1', 2000);
    viewer.subscribe([{ name: 'PMT-1', lastSeconds: 10 }]);
    for (let tick = 0; tick < 200; tick++) {
      feed('PMT-1', 20);
      audience.tick();
    }
    const told = () => viewer.events.filter(({ type }) => type === 'subscribed').length;
    expect(told()).toBe(1);

    viewer.acknowledgeAll();

    expect(told()).toBe(2);
    const { gone, from } = viewer.lastEvent('subscribed')!.channels[0];
    expect([gone!.to, from]).toEqual([4000, 4000]);
  });

  it('gets no heartbeat behind a long queue', () => {
    const viewer = new FakeViewer(audience);
    viewer.bufferedAmount = 300 * 1024;

    audience.beat();

    expect(viewer.lastEvent('heartbeat')).toBeUndefined();
    expect(audience.counters.heartbeatsSkipped).toBe(1);
  });
});

describe('a silent viewer', () => {
  it('is pinged, and dropped when it is not heard of for 20 s', () => {
    const viewer = new FakeViewer(audience);
    for (let second = 0; second <= 21; second++) live(1);

    expect(viewer.pings).toBeGreaterThan(2);
    expect(viewer.isTerminated).toBe(true);
    expect(audience.counters.dead).toBe(1);
  });
});

function open(channel: string): void {
  audience.setChannel(channelInfo(channel));
}

function feed(channel: string, count: number): void {
  const first = fed.get(channel) ?? 0;
  for (let index = first; index < first + count; index++) audience.sendTrend(trendWindow({ channel, index }));
  fed.set(channel, first + count);
}

/** Seconds as they pass for a server. */
function live(seconds: number): void {
  for (let tick = 0; tick < seconds * 25; tick++) {
    feed('PMT-1', 8);
    feed('PMT-2', 8);
    audience.tick();
    clock.advance(40);
  }
  audience.beat();
}

/** Ticks, with a viewer that acknowledges all it gets. */
function run(viewer: FakeViewer, ticks: number): void {
  for (let i = 0; i < ticks; i++) {
    audience.tick();
    viewer.acknowledgeAll();
  }
}

function spanned(viewer: FakeViewer, channel: number) {
  const ranges = viewer.ranges(channel);
  const holes = ranges.filter(([first], i) => i > 0 && first !== ranges[i - 1][1] + 1).length;
  return { from: ranges[0]?.[0], to: ranges.at(-1)![1] + 1, holes };
}
