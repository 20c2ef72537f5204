import { beforeEach, describe, expect, it } from 'vitest';
import type { Audience } from '../../../server/hub/audience.ts';
import { UNDER_WAY_BYTES } from '../../../server/hub/diagnosis-news.ts';
import type { RunDiagnosis } from '../../../server/wire/diagnoses.ts';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { classOutcome, diagnosisModel, HOP, RUN_POINTS, runDiagnosis } from '../../support/run-diagnoses.ts';
import { trendWindow } from '../../support/trend-windows.ts';

const POINT_NS = 5_000_000n;

let clock: FakeClock;
let audience: Audience;

beforeEach(() => {
  clock = new FakeClock();
  audience = createAudience(clock, 10);
  audience.diagnoses.setModel(diagnosisModel());
  open('PMT-1');
  open('PMT-2');
});

describe('models', () => {
  it('are told after the welcome, before the channels, and when one has changed', () => {
    audience.tick();
    const viewer = new FakeViewer(audience);
    expect(viewer.events.map(({ type }) => type)).toEqual(['welcome', 'models', 'channels']);
    viewer.forget();

    audience.diagnoses.setModel(diagnosisModel({ state: 'quarantined', reason: 'cut off' }));
    audience.tick();
    audience.tick();

    expect(viewer.events).toEqual([
      { type: 'models', models: [diagnosisModel({ state: 'quarantined', reason: 'cut off' })] },
    ]);
  });

  it('are not spoken of where no channel names one', () => {
    const other = createAudience(clock, 10);
    const viewer = new FakeViewer(other);
    other.tick();

    expect(viewer.events.map(({ type }) => type)).toEqual(['welcome', 'channels']);
  });
});

describe('diagnoses', () => {
  it('are told with the next tick, those of all channels together, once, and only of what was asked for', () => {
    const [both, one] = [watch('*'), watch('PMT-2')];
    audience.diagnoses.take(runDiagnosis('PMT-1', 0));
    audience.diagnoses.take(runDiagnosis('PMT-2', 0, classOutcome(1)));
    audience.tick();
    audience.tick();

    expect(toldOf(both)).toMatchObject([
      [
        { channel: 'PMT-1', outcome: { label: '0', confidence: 0.98 } },
        { channel: 'PMT-2', outcome: { label: '1' } },
      ],
    ]);
    expect(toldOf(one)).toMatchObject([[{ channel: 'PMT-2' }]]);
  });

  it('are the newest of each channel for who comes late, or asks for others', () => {
    for (let turn = 0; turn < 3; turn++) audience.diagnoses.take(runDiagnosis('PMT-1', turn));
    audience.diagnoses.take(runDiagnosis('PMT-2', 0));
    const viewer = watch('PMT-1');
    audience.tick();
    expect(toldOf(viewer)).toMatchObject([[{ channel: 'PMT-1', first: 2 * HOP }]]);

    viewer.forget();
    viewer.subscribe([{ name: '*' }]);
    audience.tick();
    expect(toldOf(viewer)).toMatchObject([[{ channel: 'PMT-1', first: 2 * HOP }, { channel: 'PMT-2' }]]);

    viewer.forget();
    open('PMT-3');
    audience.diagnoses.take(runDiagnosis('PMT-3', 0));
    clock.advance(1000);
    audience.tick(); // which tells of the channel
    expect(
      toldOf(viewer)
        .flat()
        .map(({ channel }) => channel),
    ).toContain('PMT-3');
  });

  it('are encoded once for all who know the same', () => {
    const texts = new Set<Buffer>();
    for (let i = 0; i < 100; i++) {
      const viewer = watch('*');
      const send = viewer.send.bind(viewer);
      viewer.send = (data, options) => {
        if (!options.binary) texts.add(data);
        send(data, options);
      };
    }
    for (let turn = 0; turn < 5; turn++) {
      audience.diagnoses.take(runDiagnosis('PMT-1', turn));
      audience.tick();
    }

    expect(texts.size).toBe(5);
  });

  it('come after the trends of a tick, and leave what may be in flight to them', () => {
    const viewer = watch('*');
    audience.diagnoses.take(runDiagnosis('PMT-1', 0));
    feed('PMT-1', 8);
    const order: string[] = [];
    const send = viewer.send.bind(viewer);
    viewer.send = (data, options) => {
      order.push(options.binary ? 'frame' : 'text');
      send(data, options);
    };
    audience.tick();

    expect(order).toEqual(['frame', 'text']);
    expect(viewer.viewer.flight.sent).toBe(viewer.bytes);
  });

  it('wait while nothing tells that those before have landed: the newest of a channel, the others are counted', () => {
    const viewer = watch('*');
    feed('PMT-1', 4);
    audience.tick(); // a frame, which is not acknowledged
    let turns = 0;
    for (; turns < 200; turns++) {
      audience.diagnoses.take(runDiagnosis('PMT-1', turns));
      clock.advance(40);
      audience.tick();
    }
    const bytes = toldOf(viewer).reduce(
      (sum, told) => sum + JSON.stringify({ type: 'diagnoses', diagnoses: told }).length,
      0,
    );
    const told = toldOf(viewer).length;
    expect(bytes).toBeLessThanOrEqual(UNDER_WAY_BYTES);
    expect(bytes).toBeGreaterThan(UNDER_WAY_BYTES / 2);
    expect(audience.counters.diagnosesReplaced).toBe(turns - told - 1); // one waits

    viewer.forget();
    feed('PMT-1', 4);
    audience.tick();
    viewer.say({ type: 'ack', bytes: viewer.viewer.flight.sent }); // the frame behind them has come
    audience.tick();
    expect(toldOf(viewer)).toMatchObject([[{ first: (turns - 1) * HOP }]]);
  });

  it('go on after a second where no frames come whose acknowledgement would tell', () => {
    const viewer = watch('*');
    let turn = 0;
    const waits = () => {
      audience.diagnoses.take(runDiagnosis('PMT-1', turn++));
      const before = viewer.events.length;
      audience.tick();
      return viewer.events.length === before;
    };
    while (!waits());
    expect(turn).toBeGreaterThan(10);
    for (let i = 0; i < 5; i++) {
      clock.advance(220);
      audience.tick();
    }

    expect(toldOf(viewer).at(-1)).toMatchObject([{ first: (turn - 1) * HOP }]);
    expect(audience.counters.diagnosesReplaced).toBe(0);
  });

  it('wait while trends are held up', () => {
    const viewer = watch('*');
    feed('PMT-1', 2000);
    audience.tick();
    expect(viewer.viewer.delivery?.isBlocked).toBe(true);
    audience.diagnoses.take(runDiagnosis('PMT-1', 0));
    audience.tick();
    expect(toldOf(viewer)).toEqual([]);

    viewer.acknowledgeAll();
    audience.tick();
    expect(toldOf(viewer)).toHaveLength(1);
  });

  it('do not end a viewer whose queue is long', () => {
    const viewer = watch('*');
    viewer.bufferedAmount = 300 * 1024;
    audience.diagnoses.take(runDiagnosis('PMT-1', 0));
    audience.tick();
    expect(toldOf(viewer)).toEqual([]);

    viewer.bufferedAmount = 0;
    audience.tick();
    expect(toldOf(viewer)).toHaveLength(1);
  });

  it('cost each of 100 viewers of 100 channels with two runs a second under 100 kB a second, in 25 texts', () => {
    const names = Array.from({ length: 100 }, (_, i) => `view.${i}`);
    for (const name of names) open(name);
    const viewers = Array.from({ length: 100 }, () => watch('*'));
    const before = audience.counters.textBytesSent;
    const ticks = 25;
    for (let tick = 0; tick < ticks; tick++) {
      for (let i = tick * 8; i < (tick + 1) * 8; i++) {
        audience.diagnoses.take(runDiagnosis(names[i % 100], Math.floor(i / 100)));
        feed(names[i % 100], 1);
      }
      clock.advance(40);
      audience.tick();
      for (const viewer of viewers) viewer.acknowledgeAll();
    }

    for (const viewer of viewers) expect(toldOf(viewer).map(({ length }) => length)).toEqual(Array(ticks).fill(8));
    expect((audience.counters.textBytesSent - before) / viewers.length).toBeLessThan(100_000);
    expect(audience.counters.diagnosesReplaced).toBe(0);
  });

  it('refuse a channel that was never set', () => {
    expect(() => audience.diagnoses.take(runDiagnosis('PMT-9', 0))).toThrow('PMT-9');
  });
});

describe('since when', () => {
  const LENGTH = BigInt(RUN_POINTS);
  const at = (points: bigint) => String(points * POINT_NS);

  it('is where the first run began, and where a run of another outcome adds to the one before', () => {
    const outcomes = [classOutcome(0), classOutcome(0, 0.9), classOutcome(1), classOutcome(1), classOutcome(0)];
    expect(outcomes.map((outcome, turn) => sinceOf(runDiagnosis('PMT-1', turn, outcome)))).toEqual([
      at(0n),
      at(0n),
      at(LENGTH + 100n),
      at(LENGTH + 100n),
      at(LENGTH + 300n),
    ]);
  });

  it('begins anew where another model or version looks, nobody has looked, or the clock was set back', () => {
    sinceOf(runDiagnosis('PMT-1', 0));
    expect(sinceOf(runDiagnosis('PMT-1', 9))).toBe(at(0n)); // which begins inside the first
    expect(sinceOf(runDiagnosis('PMT-1', 50))).toBe(at(5000n));
    sinceOf(runDiagnosis('PMT-1', 0));
    expect(sinceOf(runDiagnosis('PMT-1', 1, classOutcome(0), { version: '2' }))).toBe(at(LENGTH));
    expect(sinceOf(runDiagnosis('PMT-1', 2, classOutcome(0), { model: 'other', version: '2' }))).toBe(
      at(LENGTH + 100n),
    );
    expect(sinceOf(runDiagnosis('PMT-1', 3))).toBe(at(LENGTH + 200n));
    expect(sinceOf(runDiagnosis('PMT-1', 49))).toBe(at(4900n));
    expect(sinceOf(runDiagnosis('PMT-1', 48))).toBe(at(4800n));
  });

  it('lasts over what lies between runs that begin by an ignition', () => {
    const { about } = diagnosisModel();
    const { hop: _, ...byIgnition } = about!;
    audience.diagnoses.setModel(diagnosisModel({ about: byIgnition }));
    sinceOf(runDiagnosis('PMT-1', 0));

    expect(sinceOf(runDiagnosis('PMT-1', 50))).toBe(at(0n));
    expect(sinceOf(runDiagnosis('PMT-1', 90, classOutcome(1)))).toBe(at(9000n));
  });

  function sinceOf(run: RunDiagnosis): string {
    const viewer = watch('PMT-1');
    audience.diagnoses.take(run);
    audience.tick();
    return toldOf(viewer).at(-1)![0].sinceNs;
  }
});

function open(channel: string): void {
  audience.setChannel(channelInfo(channel));
  clock.advance(200);
  audience.tick();
}

function feed(channel: string, count: number): void {
  for (let i = 0; i < count; i++) audience.sendTrend(trendWindow({ channel, index: i, arrivedMs: clock.nowMs() }));
}

function watch(name: string): FakeViewer {
  const viewer = new FakeViewer(audience);
  viewer.subscribe([{ name }]);
  viewer.forget();
  return viewer;
}

/** The events of diagnoses, each as what it tells. */
function toldOf(viewer: FakeViewer) {
  return viewer.events.flatMap((event) => (event.type === 'diagnoses' ? [event.diagnoses] : []));
}
