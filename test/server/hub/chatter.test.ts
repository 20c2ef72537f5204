import { beforeEach, describe, expect, it } from 'vitest';
import type { Audience } from '../../../server/hub/audience.ts';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { BALANCED } from '../../support/system-source.ts';
import { trendWindow } from '../../support/trend-windows.ts';

// What devices do comes to every viewer. These tests count what it may come to.

const CHANNELS = 1000;
const LIST_BYTES_PER_SECOND = 32 * 1024;
const TICKS = 25; // a second

let clock: FakeClock;
let audience: Audience;

beforeEach(() => {
  clock = new FakeClock();
  audience = createAudience(clock, 10);
});

describe('a device that keeps changing what it says of itself', () => {
  it.each([16, CHANNELS])('costs a viewer of %i channels at most 32 KiB a second', (channels) => {
    openChannels(channels);
    const viewer = new FakeViewer(audience);
    pass(20);
    viewer.forget();
    const before = audience.counters.textBytesSent;

    const seconds = 60;
    for (let tick = 0; tick < seconds * TICKS; tick++) {
      audience.setChannel({ ...channelInfo('c0'), description: `flap ${tick}` });
      step();
    }
    const bytes = audience.counters.textBytesSent - before;

    console.log(`${channels} channels, one flapping: ${Math.round(bytes / seconds)} bytes a second to a viewer`);
    const lists = viewer.events.filter(({ type }) => type === 'channels').length;
    expect(lists).toBeGreaterThan(3);
    expect(lists).toBeLessThanOrEqual(seconds * 5);
    expect(bytes).toBeLessThan((seconds + 10) * LIST_BYTES_PER_SECOND); // the first list is not waited for
  });

  it('is told at once where the list was at rest, and what it said last in the end', () => {
    openChannels(CHANNELS);
    const viewer = new FakeViewer(audience);
    pass(20);

    audience.setChannel({ ...channelInfo('c0'), description: 'first' });
    step();
    expect(viewer.lastEvent('channels')?.channels[0].description).toBe('first');

    audience.setChannel({ ...channelInfo('c0'), description: 'second' });
    step();
    expect(viewer.lastEvent('channels')?.channels[0].description).toBe('first');
    pass(20);
    expect(viewer.lastEvent('channels')?.channels[0].description).toBe('second');
  });

  it('cannot be made to cost more by a viewer that subscribes again and again', () => {
    openChannels(CHANNELS);
    const [watching, asking] = [new FakeViewer(audience), new FakeViewer(audience)];
    pass(20);
    watching.forget();

    for (let i = 0; i < 20; i++) {
      audience.setChannel({ ...channelInfo('c0'), description: `flap ${i}` });
      asking.subscribe([{ name: 'c1' }]);
    }

    expect(watching.events.filter(({ type }) => type === 'channels')).toHaveLength(1);
  });

  it('does not have every subscription made anew, unless its windows change', () => {
    openChannels(3);
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: '*', rate: 0.5 }]);
    const told = () => viewer.events.filter(({ type }) => type === 'subscribed').length;

    audience.setChannel({ ...channelInfo('c0', { rateHz: 1000, window: 1000 }), description: 'flap' });
    pass(1);
    expect([viewer.lastEvent('channels')?.channels[0].description, told()]).toEqual(['flap', 1]);
    audience.setChannel(channelInfo('c0', { rateHz: 4000, window: 1000 }));
    pass(1);

    expect(told()).toBe(2);
    expect(viewer.lastEvent('subscribed')?.channels.map(({ span }) => span)).toEqual([8, 2, 2]);
  });

  it('brings a channel that comes meanwhile from its first window on, once it has been told', () => {
    openChannels(CHANNELS);
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: 'late' }]);
    pass(20);
    audience.setChannel({ ...channelInfo('c0'), description: 'flap' });
    step();

    audience.setChannel(channelInfo('late'));
    audience.sendTrend(trendWindow({ channel: 'late', index: 0 }));
    viewer.subscribe([{ name: 'late' }]);
    step();
    expect(viewer.lastEvent('subscribed')?.channels).toEqual([]);
    pass(20);

    expect(viewer.lastEvent('subscribed')?.channels).toMatchObject([{ name: 'late', from: 0 }]);
    expect(viewer.ranges(CHANNELS)).toEqual([[0, 0]]);
  });
});

describe('heartbeats', () => {
  it('say how many devices are connected, also to who subscribes to none', () => {
    openChannels(3);
    const viewer = new FakeViewer(audience);
    const ledger = ['c0', 'c1', 'c2'].map((channel) => ({ ...BALANCED, channel, live: channel !== 'c1' }));
    audience.setLedger(ledger);
    step();
    audience.beat();
    expect(viewer.lastEvent('heartbeat')).toMatchObject({ live: 2, channels: [] });
  });

  it('hold the channels that are subscribed to and have changed, of 1,000 that there are', () => {
    openChannels(CHANNELS);
    const [all, one, none] = [new FakeViewer(audience), new FakeViewer(audience), new FakeViewer(audience)];
    all.subscribe([{ name: '*' }]);
    one.subscribe([{ name: 'c7' }]);

    expect(pulses()).toEqual([CHANNELS, 1, 0]); // everything, to begin with
    expect(pulses()).toEqual([0, 0, 0]);
    audience.sendTrend(trendWindow({ channel: 'c3', index: 0 }));
    expect(pulses()).toEqual([1, 0, 0]);

    function pulses(): (number | undefined)[] {
      step();
      const before = audience.counters.textBytesSent;
      audience.beat();
      console.log(`heartbeats to three viewers: ${audience.counters.textBytesSent - before} bytes`);
      return [all, one, none].map((viewer) => viewer.lastEvent('heartbeat')?.channels.length);
    }
  });

  it('tell everything again after one that was left out', () => {
    openChannels(3);
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: '*' }]);
    audience.beat();
    viewer.bufferedAmount = 300 * 1024;
    audience.sendTrend(trendWindow({ channel: 'c1', index: 0 }));
    audience.beat();
    viewer.bufferedAmount = 0;

    audience.beat();

    expect(viewer.lastEvent('heartbeat')?.channels.map(({ name, next }) => [name, next])).toEqual([
      ['c0', 0],
      ['c1', 1],
      ['c2', 0],
    ]);
  });

  it('tell everything after a new subscription', () => {
    openChannels(3);
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: '*' }]);
    audience.beat();
    audience.beat();
    expect(viewer.lastEvent('heartbeat')?.channels).toEqual([]);

    viewer.subscribe([{ name: '*' }]);
    audience.beat();

    expect(viewer.lastEvent('heartbeat')?.channels).toHaveLength(3);
  });
});

function openChannels(count: number): void {
  for (let i = 0; i < count; i++) audience.setChannel(channelInfo(`c${i}`, { rateHz: 1000, window: 1000 }));
  step();
}

function step(): void {
  clock.advance(1000 / TICKS);
  audience.tick();
}

function pass(seconds: number): void {
  for (let tick = 0; tick < seconds * TICKS; tick++) step();
}
