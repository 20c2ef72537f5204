import { beforeEach, describe, expect, it } from 'vitest';
import { ListenedTime } from '../../../server/base/listened-time.ts';
import type { Audience } from '../../../server/hub/audience.ts';
import { Delivery } from '../../../server/hub/delivery.ts';
import { Flight } from '../../../server/hub/flight.ts';
import { FRAME_BYTES, FrameBuilder } from '../../../server/hub/frame-builder.ts';
import { Refill } from '../../../server/hub/refill.ts';
import { Refills } from '../../../server/hub/refills.ts';
import { createCounters, Viewer } from '../../../server/hub/viewer.ts';
import { WINDOW_BYTES } from '../../../server/hub/window-ring.ts';
import { FILL_LIMIT, IN_FLIGHT_BYTES } from '../../../server/wire/events.ts';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { numbers } from '../../support/returning-viewer.ts';
import { trendWindow } from '../../support/trend-windows.ts';

const BUFFER_SECONDS = 10;

let clock: FakeClock;
let audience: Audience;
let fed: number;

beforeEach(() => start());

describe('a fill', () => {
  it('brings what was asked for, the newest first, and says when it is done', () => {
    feed(1500);
    const viewer = subscribed();

    fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 100, to: 400 }, { from: 1000, to: 1500 }] }]); // biome-ignore format: one line
    viewer.acknowledgeAll();

    const ranges = viewer.ranges(0);
    expect(covered(ranges)).toEqual([...numbers(100, 400), ...numbers(1000, 1500)]);
    expect(ranges.map(([first]) => first)).toEqual(ranges.map(([first]) => first).sort((a, b) => b - a));
    expect(viewer.lastEvent('filled')).toEqual({ type: 'filled', id: 7, gone: [] });
  });

  it('comes after the present, and leaves it room', () => {
    feed(2000);
    const viewer = subscribed();
    fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 0, to: 2000 }] }]);
    expect(viewer.bytes).toBeLessThanOrEqual(IN_FLIGHT_BYTES - FRAME_BYTES / 2);
    viewer.forget();

    for (let tick = 0; tick < 20; tick++) {
      feed(8);
      audience.tick();
    }

    expect(covered(viewer.ranges(0))).toEqual(numbers(2000, 2000 + viewer.ranges(0).length * 8));
    expect(viewer.viewer.flight.bytes).toBeLessThanOrEqual(IN_FLIGHT_BYTES);
    viewer.acknowledgeAll();
    audience.tick();
    expect(viewer.ranges(0).at(-1)![0]).toBeLessThan(2000); // the past goes on
  });

  it('does not come while the viewer is behind the present', () => {
    feed(2000);
    const { feed: present } = subscribed().viewer.delivery!;
    const socket = new FakeViewer(audience);
    const listened = new ListenedTime(0);
    const tools = { clock, listened, builder: new FrameBuilder(), budget: { catchUp: 0, past: 1e6 } };
    const viewer = new Viewer(socket, { number: 0, commandRate: 20, counters: createCounters(), tools });
    viewer.delivery = new Delivery(present, Float64Array.of(1900, 1900), viewer.flight, tools, viewer);
    viewer.refills.add(new Refill(1, [{ channel: present.lanes[0].channel, ranges: [{ from: 0, to: 100, span: 1 }] }]));

    viewer.pump();
    expect(socket.frames).toEqual([]);
    tools.budget.catchUp = 1e6;
    viewer.pump();

    expect(covered(socket.ranges(0))).toEqual([...numbers(0, 100), ...numbers(1900, 2000)]);
    expect(socket.ranges(0)[0][0]).toBe(1900);
  });

  it('merges rows for a lower rate', () => {
    feed(100);
    const viewer = subscribed();

    fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 5, to: 95, rate: 20 }] }]);

    expect(covered(viewer.ranges(0))).toEqual(numbers(5, 95));
    expect(viewer.blocks.map(({ span, firstRow, windows }) => [span, firstRow, windows])).toEqual([[10, 0, 90]]);
    expect(Array.from(viewer.blocks[0].count)).toEqual([5, ...Array(8).fill(10), 5].map((windows) => windows * 50_000));
  });

  it('says exactly what is gone, also what was lost meanwhile', () => {
    feed(2500); // the buffer holds 2000
    const viewer = subscribed();
    fill(viewer, [
      {
        name: 'PMT-1',
        ranges: [
          { from: 0, to: 400 },
          { from: 450, to: 2500 },
        ],
      },
    ]);
    const reached = Math.min(...viewer.ranges(0).map(([first]) => first));

    feed(900);
    viewer.acknowledgeAll();
    for (let i = 0; i < 5; i++) {
      audience.tick();
      viewer.acknowledgeAll();
    }

    expect(reached).toBeGreaterThan(1400);
    expect(covered(viewer.ranges(0))).toEqual(numbers(1400, 3400));
    expect(viewer.lastEvent('filled')?.gone).toEqual([
      { name: 'PMT-1', from: 450, to: 1400 },
      { name: 'PMT-1', from: 0, to: 400 },
    ]);
  });

  it('says what is gone when others that come take their share of the buffers', () => {
    start(5000 * WINDOW_BYTES); // two channels fit
    feed(2000);
    const viewer = subscribed();
    fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 0, to: 2000 }] }]);
    const reached = Math.min(...viewer.ranges(0).map(([first]) => first));
    const behind = subscribed();
    feed(1000); // in step it would have them

    for (const name of ['PMT-3', 'PMT-4', 'PMT-5']) audience.setChannel(channelInfo(name)); // 625 windows for each
    for (let i = 0; i < 20; i++) {
      audience.tick();
      for (const one of [viewer, behind]) one.acknowledgeAll();
      clock.advance(40);
    }

    expect(reached).toBeLessThan(2000);
    expect(covered(viewer.ranges(0))).toEqual([...numbers(reached, 2000), ...numbers(2375, 3000)]);
    expect(viewer.lastEvent('filled')?.gone).toEqual([{ name: 'PMT-1', from: 0, to: reached }]);
    expect(covered(behind.ranges(0))).toEqual(numbers(2375, 3000));
    const gone = behind.events.flatMap((event) => (event.type === 'subscribed' ? event.channels : []));
    expect(gone.flatMap(({ name, gone }) => (gone ? [[name, gone.from, gone.to]] : []))).toEqual([
      ['PMT-1', 2000, 2375],
      ['PMT-2', 2000, 2375],
    ]);
  });

  it('of few rows counts by the windows it merges', () => {
    feed(2000);
    const { channel } = subscribed().viewer.delivery!.feed.lanes[0];
    const budget = { catchUp: 0, past: 10_000 };
    const refills = new Refills();
    for (let id = 0; id < 3; id++)
      refills.add(new Refill(id, [{ channel, ranges: [{ from: 0, to: 2000, span: 2000 }] }]));
    const frames: Buffer[] = [];

    const sink = { sendFrame: (bytes: Buffer) => frames.push(bytes) > 0, tell() {} };
    refills.pump(new Flight(), { clock, listened: new ListenedTime(0), builder: new FrameBuilder(), budget }, sink);

    expect(frames.every(({ byteLength }) => byteLength < 1000)).toBe(true);
    expect([frames.length, budget.past]).toEqual([2, 10_000 - 2 * 2000 * 4]);
  });

  it('that was asked for last goes first', () => {
    feed(2000);
    const viewer = subscribed();
    fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 0, to: 2000 }] }], 1);
    fill(viewer, [{ name: 'PMT-2', ranges: [{ from: 0, to: 2000 }] }], 2);
    viewer.acknowledgeAll();

    const done = viewer.events.flatMap((event) => (event.type === 'filled' ? [event.id] : []));
    expect(done).toEqual([2, 1]);
  });

  it('ends with the subscription it belongs to', () => {
    feed(2000);
    const viewer = subscribed();
    fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 0, to: 2000 }] }]);
    viewer.subscribe([{ name: 'PMT-2' }]);
    viewer.forget();

    viewer.say({ type: 'ack', bytes: viewer.bytes });
    audience.tick();

    expect([viewer.frames, viewer.lastEvent('filled')]).toEqual([[], undefined]);
  });

  it('never makes a viewer slow', () => {
    feed(2000);
    const viewer = subscribed();
    fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 0, to: 2000 }] }]);
    for (let second = 0; second < 20; second++) {
      for (let tick = 0; tick < 25; tick++) {
        feed(8);
        audience.tick();
        clock.advance(40);
      }
      const { acked, sent } = viewer.viewer.flight;
      viewer.say({ type: 'ack', bytes: Math.min(sent, acked + 22_000) }); // the present takes 21,200
      audience.beat();
    }

    expect(viewer.viewer.pace.coarseness).toBe(1);
    expect(viewer.viewer.delivery?.backlogMs).toBeLessThan(1500);
    expect(viewer.closeCode).toBeUndefined();
  });

  it.each([
    ['of a channel that is not subscribed to', [{ name: 'PMT-2', ranges: [{ from: 0, to: 1 }] }]],
    ['of an unknown channel', [{ name: 'PMT-9', ranges: [{ from: 0, to: 1 }] }]],
    ['of what was not sent yet', [{ name: 'PMT-1', ranges: [{ from: 0, to: 101 }] }]],
  ])('%s ends the connection', (_name, channels) => {
    feed(100);
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'PMT-1' }]);

    fill(viewer, channels);

    expect([viewer.closeCode, viewer.lastEvent('error')?.code]).toEqual([1008, 'FILL_INVALID']);
  });

  it('beyond as many as there may be ends the connection', () => {
    feed(2000);
    const viewer = subscribed();
    const ask = () => fill(viewer, [{ name: 'PMT-1', ranges: [{ from: 0, to: 2000 }] }]);

    for (let i = 0; i < FILL_LIMIT; i++) ask();
    expect(viewer.closeCode).toBeUndefined();
    ask();

    expect(viewer.lastEvent('error')?.code).toBe('FILL_INVALID');
  });
});

function start(bufferBytes?: number): void {
  clock = new FakeClock();
  audience = createAudience(clock, BUFFER_SECONDS, bufferBytes);
  fed = 0;
  for (const channel of ['PMT-1', 'PMT-2']) audience.setChannel(channelInfo(channel));
}

/** The next windows of both channels. One index in a thousand never comes. */
function feed(count: number): void {
  for (let seq = fed; seq < fed + count; seq++) {
    const index = seq + Math.floor(seq / 1000);
    for (const channel of ['PMT-1', 'PMT-2']) audience.sendTrend(trendWindow({ channel, index }));
  }
  fed += count;
}

function subscribed(): FakeViewer {
  const viewer = new FakeViewer(audience);
  viewer.subscribe([{ name: '*' }]);
  return viewer;
}

function fill(viewer: FakeViewer, channels: readonly object[], id = 7): void {
  viewer.say({ type: 'fill', id, channels });
}

function covered(ranges: readonly [number, number][]): number[] {
  return ranges.flatMap(([first, last]) => numbers(first, last + 1)).sort((a, b) => a - b);
}
