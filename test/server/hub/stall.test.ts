import { beforeEach, describe, expect, it } from 'vitest';
import type { Audience } from '../../../server/hub/audience.ts';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { clientFrame } from '../../support/raw-socket.ts';
import { trendWindow } from '../../support/trend-windows.ts';

// The event loop of the server stands still, and its timers come before what
// viewers sent meanwhile is read.

const TICK_MS = 40;
const TEXT = 1;

let clock: FakeClock;
let audience: Audience;
let fed = 0;

beforeEach(() => {
  clock = new FakeClock();
  audience = createAudience(clock, 600);
  audience.setChannel(channelInfo('PMT-1'));
  fed = 0;
});

describe('a stall of the server', () => {
  it('does not make a viewer dead that spoke before it', () => {
    const viewer = new FakeViewer(audience);
    live(15, TICK_MS);

    stall(300_000);

    expect([viewer.isTerminated, audience.counters.dead]).toEqual([false, 0]);
    live(6, TICK_MS); // of silence, which is its own
    expect([viewer.isTerminated, audience.counters.dead]).toEqual([true, 1]);
  });

  it('is not taken for acknowledgements that do not come', () => {
    const viewer = blocked();
    live(2, TICK_MS);

    stall(60_000);
    viewer.acknowledgeAll();
    live(2, TICK_MS, () => viewer.acknowledgeAll());

    expect([viewer.closeCode, viewer.viewer.pace.coarseness]).toEqual([undefined, 1]);
    expect(viewer.ranges(0).at(-1)![1]).toBe(fed - 1);
  });

  it('does not make trends coarser, however far behind a viewer is by then', () => {
    const viewer = blocked();
    viewer.say({ type: 'ack', bytes: viewer.frames[0].byteLength });
    live(2, TICK_MS); // it stumbles

    stall(4000);
    live(10, TICK_MS, () => viewer.acknowledgeAll());

    expect([viewer.closeCode, viewer.viewer.pace.coarseness]).toEqual([undefined, 1]);
  });

  it('does not make coarse ones coarser still', () => {
    const viewer = blocked();
    while (viewer.viewer.pace.coarseness < 2) live(1, TICK_MS);
    live(10, TICK_MS, () => viewer.acknowledgeAll());
    expect(viewer.viewer.pace.coarseness).toBe(2);

    stall(20_000);
    expect(viewer.viewer.delivery?.isBlocked).toBe(true);
    live(10, TICK_MS, () => viewer.acknowledgeAll());

    expect(viewer.viewer.pace.coarseness).toBe(2);
  });

  it('does not make a message unfinished, nor the answer to a close frame late', () => {
    const [slow, closing] = [new FakeViewer(audience), new FakeViewer(audience)];
    audience.follow(slow.viewer, clientFrame(TEXT, 'x').subarray(0, 3));
    closing.sayText('{');

    stall(60_000);

    expect([slow.closeCode, closing.isTerminated]).toEqual([undefined, false]);
    live(3, TICK_MS);
    expect(closing.isTerminated).toBe(true);
  });
});

it.each([100, 250, 1000, 5000])(
  'a viewer that is gone is noticed by a server whose passes all take %i ms',
  (passMs) => {
    const viewer = new FakeViewer(audience);

    live(24 * Math.max(1, passMs / 250), passMs);

    expect(viewer.isTerminated).toBe(true);
  },
);

/** A viewer that has acknowledged nothing of what may be in flight. */
function blocked(): FakeViewer {
  const viewer = new FakeViewer(audience);
  viewer.subscribe([{ name: 'PMT-1' }]);
  while (!viewer.viewer.delivery?.isBlocked) live(1, TICK_MS);
  return viewer;
}

/** The server does not run for so long; then its timers are the first to. */
function stall(ms: number): void {
  clock.advance(ms);
  feed(ms);
  audience.tick();
  audience.beat();
}

/** So many seconds, each pass of which takes so long; each ends with `then`. */
function live(seconds: number, passMs: number, then = () => {}): void {
  let beatMs = clock.monotonicMs();
  for (const endMs = beatMs + seconds * 1000; clock.monotonicMs() < endMs; ) {
    clock.advance(passMs);
    feed(passMs);
    audience.tick();
    if (clock.monotonicMs() - beatMs >= 1000) {
      audience.beat();
      beatMs = clock.monotonicMs();
    }
    then();
  }
}

/** What the sensor sends in so long. */
function feed(ms: number): void {
  for (const end = fed + ms / 5; fed < end; fed++) audience.sendTrend(trendWindow({ channel: 'PMT-1', index: fed }));
}
