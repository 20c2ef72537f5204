// Longer than 300 lines: one page with its fake hub through every kind of break, which share their set-up.
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Live } from '../../client/live.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import { WIRE_VERSION } from '../../server/wire/frame.ts';
import { FakeHub, FIRST_MS } from '../support/fake-hub.ts';
import { FakeTimers } from '../support/fake-timers.ts';
import { loadKernels } from '../support/kernels.ts';
import { NO_HISTORY } from '../support/no-history.ts';
import { runs } from '../support/runs.ts';

let kernels: KernelModule;

beforeAll(async () => {
  kernels = await loadKernels();
});

describe('live data', () => {
  it('takes in every window once, whenever the connection is lost', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('produce' as const), windows: fc.integer({ min: 1, max: 300 }) }),
      },
      { weight: 2, arbitrary: fc.constant({ kind: 'drop' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'look back' as const }) },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('past' as const), blocks: fc.integer({ min: 1, max: 4 }) }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { live, hub, settle } = start({ past: 400, lastSeconds: 1, fillsAtOnce: false });

        for (const action of steps) {
          if (action.kind === 'produce') hub.produce(action.windows);
          if (action.kind === 'drop') hub.drop();
          if (action.kind === 'past') for (let i = 0; i < action.blocks; i++) hub.sendPast();
          if (action.kind === 'look back') live.wish([{ name: '*', lastSeconds: 2 }]);
        }
        settle();
        while (hub.sendPast());

        const { ledger, rows, isLoading } = live.fleet.find('etch.1')!;
        expect(isLoading).toBe(false);
        expect(ledger.next).toBe(hub.next);
        expect(ledger.missing).toBe(0);
        expect(rows.length).toBe(ledger.received);
        expect(rows.newestMs).toBe(FIRST_MS + hub.next * 5);
        live.close();
      }),
      { numRuns: runs(200, 5_000) },
    );
  });

  it('asks after a loss for exactly what it misses', () => {
    const { hub, settle } = start({ past: 400, lastSeconds: 1 });
    hub.produce(50);
    hub.drop();
    hub.produce(70);

    settle();

    const asked = hub.commands.filter((command) => command.type === 'fill');
    expect(asked.map(({ channels }) => channels)).toEqual([
      [{ name: 'etch.1', ranges: [{ from: 200, to: 400 }] }],
      [{ name: 'etch.1', ranges: [{ from: 450, to: 520 }] }],
    ]);
  });

  it('leaves a gap where the hub no longer has what was missed', () => {
    const { live, hub, settle } = start({ past: 400, lastSeconds: 1 });
    hub.drop();
    hub.produce(500);
    hub.oldest = 700;

    settle();

    const store = live.fleet.find('etch.1')!;
    expect(store.ledger.missing).toBe(300); // 400 .. 699
    const columns = store.decimate({ fromMs: FIRST_MS - 2.5, columnMs: 5, columns: 900 });
    expect(Array.from(columns.broken).flatMap((mark, i) => (mark === 0 ? [] : [i]))).toEqual([400]);
  });

  it('keeps what it has when the hub begins another life', () => {
    const { live, hub, settle } = start({ past: 400, lastSeconds: 1 });
    const before = live.fleet.find('etch.1')!.rows.length;
    hub.restart('second');

    settle();
    expect(live.fleet.value.channels).toMatchObject([{ name: 'etch.1', value: { isStale: true, pulse: undefined } }]);
    hub.next = hub.oldest = 100; // before the device was back
    hub.connectDevice();
    hub.produce(20);
    hub.heartbeat();
    hub.heartbeat();
    hub.heartbeat();

    const store = live.fleet.find('etch.1')!;
    expect(store.ledger.received).toBe(20);
    expect(store.rows.length).toBe(before + 20 + 1);
    expect(store.value.isStale).toBe(false);
    const { broken } = store.decimate({ fromMs: FIRST_MS - 2.5, columnMs: 5, columns: 600 });
    expect(Array.from(broken).flatMap((mark, i) => (mark === 0 ? [] : [i]))).toEqual([400]); // the outage
    expect(live.life.value).toMatchObject({ restarts: 1, gone: 100, isGoneOpen: false, points: { missing: 0 } });
    expect(live.life.value.reconnects).toBe(1);
  });

  it('does not claim to know what is gone before a channel is back from an outage, and adds up outages', () => {
    const { live, hub, settle } = start({ past: 400, lastSeconds: 1 });
    const outage = (epoch: string, windows: number) => {
      hub.restart(epoch);
      settle();
      hub.heartbeat();
      expect(live.life.value.isGoneOpen).toBe(true);
      hub.next = hub.oldest = windows;
    };

    outage('second', 100);
    hub.connectDevice();
    hub.produce(20);
    live.life.tick();
    expect(live.life.value).toMatchObject({ gone: 100, isGoneOpen: false });
    outage('third', 30);
    expect(live.life.value).toMatchObject({ restarts: 2, gone: 100, isGoneOpen: true });
    outage('fourth', 7); // before anything came
    hub.connectDevice();
    hub.produce(20);

    live.life.tick();
    expect(live.life.value).toMatchObject({ restarts: 3, gone: 137, isGoneOpen: false });
    expect(live.fleet.find('etch.1')!.ledger.missing).toBe(0);
  });

  it('counts what had not come when the hub ended with what is gone, once', () => {
    const { live, hub, settle } = start({ past: 400, lastSeconds: 1 });
    hub.heartbeat();
    const ahead = { name: 'etch.1', next: 450, live: true, received: 4500, missing: 0, gaps: 0 };
    for (let i = 0; i < 2; i++)
      hub.say({ type: 'heartbeat', serverMs: hub.serverMs, channels: [ahead], viewers: 1, live: 1 });
    expect(live.life.value.points.missing).toBe(50);

    hub.restart('second');
    settle();
    hub.next = hub.oldest = 50;
    hub.connectDevice();
    hub.produce(20);

    live.life.tick();
    expect(live.life.value).toMatchObject({ gone: 50, points: { missing: 0 } });
  });

  it('is behind, not stale, while the hub has more than came in, unless the device is silent', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1 });
    const store = live.fleet.find('etch.1')!;
    const later = { name: 'etch.1', number: 3, span: 1, from: 400, next: 1000 };
    hub.say({ type: 'subscribed', coarseness: 1, channels: [later] });
    hub.isMute = true;
    for (let second = 0; second < 4; second++) {
      timers.advance(1000);
      hub.sayRaw(JSON.stringify({ type: 'pong', id: -1, serverMs: 0 }));
    }
    expect(store.value).toMatchObject({ isBehind: true, isStale: false });

    const arrivedMs = hub.serverMs; // as old as the newest here
    store.setPulse({ name: 'etch.1', next: 1000, arrivedMs, live: true, received: 1, missing: 0, gaps: 0 });

    expect(store.value).toMatchObject({ isBehind: false, isStale: true });
    live.close();
  });

  it('drops a channel that is not back ten minutes after the hub began another life', () => {
    const { live, hub, timers, settle } = start({ past: 400, lastSeconds: 1 });
    hub.restart('second');
    settle();
    const pass = (ms: number) => {
      for (let passedMs = 0; passedMs < ms; passedMs += 1000) {
        timers.advance(1000);
        hub.heartbeat();
      }
    };

    pass(599_000);
    expect(live.fleet.find('etch.1')).toBeDefined();
    pass(2000);

    expect(live.fleet.find('etch.1')).toBeUndefined();
    expect(live.fleet.value.channels).toEqual([]);
  });

  it('ends a connection that sends a malformed frame, counts it, and resumes', () => {
    const { live, hub, settle } = start({ past: 400, lastSeconds: 1 });

    hub.sayRaw(new ArrayBuffer(7));
    hub.sayRaw('{');
    settle();
    hub.produce(10);

    expect(live.life.value.malformed).toBe(1);
    expect(hub.closings).toEqual([{ code: 4000 }]);
    expect(live.fleet.find('etch.1')!.ledger.missing).toBe(0);
    expect(live.fleet.find('etch.1')!.ledger.next).toBe(410);
  });

  it('calls everything stale after 3 s of silence, and gives the connection up after 5', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1 });
    const store = live.fleet.find('etch.1')!;
    expect(store.value.isStale).toBe(false);

    hub.isMute = true;
    timers.advance(3300);

    expect(live.life.value.liveness).toBe('silent');
    expect(store.value.isStale).toBe(true);
    expect(hub.connections).toBe(1);
    timers.advance(4000);
    expect(hub.connections).toBeGreaterThan(1);
  });

  it('is silent without a break while the hub speaks another version, says so, and renews the page', () => {
    const { live, hub, timers, renew } = start({ past: 400, lastSeconds: 1 });
    const shown: string[] = [];
    live.life.subscribe(() => {
      if (live.life.value.liveness !== shown.at(-1)) shown.push(live.life.value.liveness);
    });

    hub.wire = WIRE_VERSION + 1;
    hub.restart('second');
    const before = hub.connections;
    greetFor(30_000, hub, timers);

    expect(shown).toEqual(['live', 'silent']);
    expect(live.life.value).toMatchObject({ isOtherVersion: true, malformed: 0 });
    expect(hub.connections - before).toBeLessThanOrEqual(10); // 250, 500, … 4000 ms, then every 5 s
    expect(renew).toHaveBeenCalledTimes(hub.connections - before);
    hub.wire = WIRE_VERSION;
    greetFor(5000, hub, timers);
    hub.heartbeat();
    expect(live.life.value).toMatchObject({ liveness: 'live', isOtherVersion: false });
    live.close();
  });

  it('does not take the page from someone who looks at a frozen picture', () => {
    const { live, hub, timers, renew } = start({ past: 400, lastSeconds: 1 });
    live.fleet.freeze();
    hub.wire = WIRE_VERSION + 1;
    hub.drop();

    greetFor(10_000, hub, timers);
    expect(renew).not.toHaveBeenCalled();
    live.fleet.goLive();
    greetFor(5000, hub, timers);

    expect(renew).toHaveBeenCalled();
    live.close();
  });

  it('is silent without a break while all that follows a greeting is malformed', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1 });
    const shown: string[] = [];
    live.life.subscribe(() => {
      if (live.life.value.liveness !== shown.at(-1)) shown.push(live.life.value.liveness);
    });

    hub.sayRaw(new ArrayBuffer(7));
    greetFor(30_000, hub, timers, () => hub.sayRaw(new ArrayBuffer(7)));

    expect(shown).toEqual(['live', 'silent']);
    live.close();
  });

  it('is connecting until the channels are listed, and silent when that takes longer than 3 s', () => {
    const hub = new FakeHub();
    const timers = new FakeTimers();
    const live = new Live({
      kernels: kernels as WebAssembly.Module,
      open: hub.open,
      timers,
      history: NO_HISTORY,
      renew() {},
    });
    const shown = () => ({ liveness: live.life.value.liveness, isListed: live.fleet.value.isListed });

    live.start();
    expect(shown()).toEqual({ liveness: 'connecting', isListed: false });
    timers.advance(3250);
    expect(shown()).toEqual({ liveness: 'silent', isListed: false });
    hub.welcome();
    expect(live.life.value.serverMs).toBe(hub.serverMs); // for what is told right after
    timers.advance(250);

    expect(shown()).toEqual({ liveness: 'live', isListed: true });
    live.close();
  });

  it('counts points due against points received', () => {
    const { live, hub } = start({ past: 400, lastSeconds: 1 });
    hub.heartbeat();
    hub.produce(200);
    hub.heartbeat();
    hub.produce(200);
    hub.heartbeat();

    const { points, pointsPerSecond, gaps } = live.life.value;
    expect(pointsPerSecond).toEqual({ received: 200, sent: 200, missing: 0 });
    expect(points).toEqual({ received: 400, sent: 400, missing: 0 });
    expect(gaps).toBe(2);
  });

  it('knows no points a second before a second of them is due, nor after a restart', () => {
    const { live, hub, settle } = start({ past: 400, lastSeconds: 1 });
    const shown: (number | undefined)[] = [];
    const second = () => {
      hub.produce(200);
      hub.heartbeat();
      shown.push(live.life.value.pointsPerSecond?.sent);
    };

    for (let i = 0; i < 3; i++) second();
    hub.restart('second');
    settle();
    hub.hasDevice = true;
    hub.welcome();
    shown.push(live.life.value.pointsPerSecond?.sent);
    for (let i = 0; i < 3; i++) second();

    expect(shown).toEqual([undefined, undefined, 200, undefined, undefined, undefined, 200]);
  });

  it('tells silent devices from a silent server', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1 });
    const shown = () => {
      const { liveness, areDevicesSilent } = live.life.value;
      return { liveness, areDevicesSilent };
    };
    const pass = (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        timers.advance(1000);
        hub.sayRaw(JSON.stringify({ type: 'pong', id: -1, serverMs: 0 }));
      }
    };
    hub.produce(10);
    hub.isMute = true; // its clock would not go on without windows
    live.fleet.freeze(); // which changes nothing of what is told of now
    pass(2);
    expect(shown()).toEqual({ liveness: 'live', areDevicesSilent: false });

    pass(2);
    expect(shown()).toEqual({ liveness: 'live', areDevicesSilent: true });
    hub.produce(800); // four seconds of its clock
    timers.advance(250);
    expect(shown()).toEqual({ liveness: 'live', areDevicesSilent: false });
    timers.advance(4000);
    expect(shown()).toEqual({ liveness: 'silent', areDevicesSilent: false });
    live.close();
  });

  it('keeps the account of a channel that a heartbeat leaves out, since nothing of it has changed', () => {
    const { live, hub } = start({ past: 400, lastSeconds: 1 });
    hub.heartbeat();
    hub.produce(200);
    hub.heartbeat();
    const { sent } = live.life.value.points;
    const unchanged = () => hub.say({ type: 'heartbeat', serverMs: hub.serverMs, channels: [], viewers: 1, live: 1 });

    unchanged();

    const { points, pointsPerSecond, gaps } = live.life.value;
    expect({ points: points.sent - sent, gaps }).toEqual({ points: 200, gaps: 2 });
    expect(pointsPerSecond?.sent).toBe(200); // due by now
    unchanged();
    expect(live.life.value.pointsPerSecond?.sent).toBe(0);
  });

  it('stands still when frozen, and goes on collecting', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1 });
    const store = live.fleet.find('etch.1')!;

    live.fleet.freeze();
    const { version, edgeMs } = store;
    const { reading } = store.value;
    hub.produce(300);
    timers.advance(1000);

    expect({ version: store.version, edgeMs: store.edgeMs, reading: store.value.reading }).toEqual({
      version,
      edgeMs,
      reading,
    });
    expect(store.rows.newestMs).toBe(FIRST_MS + 700 * 5);
    live.fleet.goLive();
    expect(store.edgeMs).toBeGreaterThan(edgeMs!);
    expect(store.value.reading?.timeMs).toBe(FIRST_MS + 700 * 5);
  });

  it('draws anew what comes in behind a frozen edge, and shows the same after going live', () => {
    const { live, hub, timers } = start({ past: 2000, lastSeconds: 1 });
    const store = live.fleet.find('etch.1')!;
    live.fleet.freeze();
    const { version } = store;

    live.wish([{ name: '*', lastSeconds: 5 }]);

    expect(store.version).toBeGreaterThan(version);
    const range = { fromMs: FIRST_MS + 1000 * 5, columnMs: 50, columns: 100 };
    const { count, broken } = store.decimate(range);
    expect(Array.from(count)).toEqual(new Array(100).fill(100));
    const frozen = { count: Array.from(count), broken: Array.from(broken) };
    const drawn = store.version;
    timers.advance(250);
    hub.produce(100);
    expect(store.version).toBe(drawn);
    live.fleet.goLive();
    const now = store.decimate(range);
    expect({ count: Array.from(now.count), broken: Array.from(now.broken) }).toEqual(frozen);
  });

  it('says of a frozen channel what was so at the freeze, though its device falls silent', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1 });
    const store = live.fleet.find('etch.1')!;
    timers.advance(250);
    live.fleet.freeze();
    const { value } = store;

    hub.isMute = true; // its clock would not go on without windows
    for (let second = 0; second < 4; second++) {
      timers.advance(1000);
      hub.sayRaw(JSON.stringify({ type: 'pong', id: -1, serverMs: 0 })); // the hub lives, the device does not
    }

    expect(value).toMatchObject({ isFrozen: true, frozenMs: store.edgeMs, isStale: false, ageMs: 250 });
    expect(store.value).toEqual(value);
    expect(store.ageMs).toBe(4250);
    live.fleet.goLive();
    expect(store.value).toMatchObject({ isFrozen: false, frozenMs: undefined, isStale: true });
  });

  it('says that a frozen value is stale while the server is silent, whichever came first', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1 });
    const store = live.fleet.find('etch.1')!;
    live.fleet.freeze();
    expect(store.value).toMatchObject({ isFrozen: true, isStale: false });

    hub.isMute = true;
    timers.advance(3500);

    expect(store.value).toMatchObject({ isFrozen: true, isStale: true });
    live.fleet.goLive();
    live.fleet.freeze();
    hub.sayRaw(JSON.stringify({ type: 'pong', id: -1, serverMs: 0 })); // the server is back, the picture of its silence stays
    expect(store.value).toMatchObject({ isFrozen: true, isStale: true });
  });

  it('takes nothing for being on its way once the connection is lost', () => {
    const { live, hub } = start({ past: 400, lastSeconds: 1, fillsAtOnce: false });
    const store = live.fleet.find('etch.1')!;
    const before = store.isLoading;

    hub.drop();

    expect({ before, after: store.isLoading }).toEqual({ before: true, after: false });
  });

  it('shows data on the sample clock, though server and sample clock are a day apart', () => {
    const { live, hub, timers } = start({ past: 400, lastSeconds: 1, clockOffsetMs: 86_400_000 });
    timers.advance(50);
    hub.produce(10);

    const store = live.fleet.find('etch.1')!;

    expect(store.edgeMs).toBeCloseTo(FIRST_MS + 410 * 5, 0);
    expect(store.value.ageMs).toBeLessThan(100);
    expect(store.value.isStale).toBe(false);
  });

  it('leaves no timer behind when closed', () => {
    const { live, timers } = start({ past: 10, lastSeconds: 1 });

    live.close();

    expect(timers.pending).toBe(0);
  });
});

/** Greets the page whenever it connects, for a while. */
function greetFor(ms: number, hub: FakeHub, timers: FakeTimers, andThen = () => {}): void {
  let greeted = hub.connections;
  for (let passedMs = 0; passedMs < ms; passedMs += 50) {
    timers.advance(50);
    if (hub.connections === greeted) continue;
    greeted = hub.connections;
    hub.welcome();
    andThen();
  }
}

/** A page that is connected and has the last second; `settle` lets it find back after losses. */
function start({
  past,
  lastSeconds,
  clockOffsetMs = 0,
  fillsAtOnce = true,
}: {
  past: number;
  lastSeconds: number;
  clockOffsetMs?: number;
  fillsAtOnce?: boolean;
}) {
  const hub = new FakeHub();
  hub.fillsAtOnce = fillsAtOnce;
  hub.next = past;
  hub.clockOffsetMs = clockOffsetMs;
  const timers = new FakeTimers();
  const renew = vi.fn();
  const live = new Live({ kernels: kernels as WebAssembly.Module, open: hub.open, timers, history: NO_HISTORY, renew });
  live.wish([{ name: '*', lastSeconds }]);
  live.start();
  hub.welcome();
  const settle = () => {
    const before = hub.connections;
    timers.advance(300); // the first wait after a loss is 250 ms at most
    if (hub.connections > before) hub.welcome();
  };
  return { live, hub, timers, settle, renew };
}
