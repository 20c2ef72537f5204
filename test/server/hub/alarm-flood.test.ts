import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { AlarmBacklog, PIECE_BYTES } from '../../../server/hub/alarm-backlog.ts';
import { NOTHING } from '../../../server/hub/alarm-knowledge.ts';
import type { Audience } from '../../../server/hub/audience.ts';
import { UNDER_WAY_BYTES } from '../../../server/hub/landing.ts';
import { urgencyRank } from '../../../server/wire/alarm-urgency.ts';
import type { AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmReply, arbitraryAlarm, toldDefinition } from '../../support/alarm-replies.ts';
import { createAudience } from '../../support/audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { runs } from '../../support/runs.ts';

const LONG = 'x'.repeat(400);

let audience: Audience;
let turn: (() => void)[];

beforeEach(() => open());

describe('a flood', () => {
  it('of 10,000 in a second reaches everyone whole, in pieces, the urgent before the rest, with short queues', () => {
    audience.alarms.setDefinitions([toldDefinition()]);
    const viewers = Array.from({ length: 20 }, () => counting(new FakeViewer(audience)));
    for (let i = 0; i < 100; i++) {
      flood(100, i * 100);
      endTurn();
    }
    for (const viewer of viewers.slice(10)) viewer.land();
    const late = counting(new FakeViewer(audience));
    for (const viewer of [...viewers, late]) viewer.land();

    for (const viewer of [...viewers, late]) {
      expect(new Set(told(viewer).flatMap(({ alarms }) => alarms.map(({ tag }) => tag))).size).toBe(10_000);
      expect(viewer.longest).toBeLessThanOrEqual(UNDER_WAY_BYTES + PIECE_BYTES);
      expect(viewer.closeCode).toBeUndefined();
    }
    const ranks = told(late).flatMap(({ alarms }) => alarms.map(urgencyRank));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(told(late).filter(({ snapshot }) => snapshot === 'last')).toHaveLength(1);
  });

  it('is forgotten when it is over and everyone knows', () => {
    const backlog = new AlarmBacklog();
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 100; i++) backlog.take(alarmReply({ channel: `c${round}-${i}` }));
      for (let i = 0; i < 100; i++) backlog.take(alarmReply({ channel: `c${round}-${i}`, state: 'normal' }));
      backlog.forgetOver();
    }
    expect(backlog.find('light-high:c0-0')).toBeUndefined();
    expect(backlog.next(NOTHING)?.texts.map(String)[0]).toBe('{"type":"alarms","snapshot":"last","alarms":[]}');
  });
});

it('leaves every viewer that has room with exactly what the alarms are, whatever held it up', () => {
  const tags = Array.from({ length: 60 }, (_, i) => `d${i % 7}:c${i}`);
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('change' as const),
        alarms: fc.array(arbitraryAlarm(tags), { maxLength: 40 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('define' as const), priority: fc.constantFrom('low', 'high') }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('land' as const), viewer: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('stuff' as const), viewer: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reconnect' as const), viewer: fc.nat(3) }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'turn' as const }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      open();
      const definitionsOf = (priority: 'low' | 'high') =>
        Array.from({ length: 7 }, (_, i) => toldDefinition(`d${i}`, { priority, cause: { en: LONG } }));
      let priority: 'low' | 'high' = 'high';
      audience.alarms.setDefinitions(definitionsOf(priority));
      const truth = new Map<string, AlarmReply>();
      const viewers = Array.from({ length: 4 }, () => new Reader(audience));
      let version = 0;
      for (const action of steps) {
        if (action.kind === 'change') {
          for (const alarm of action.alarms) {
            const changed = { ...alarm, version: ++version, comment: { by: 'A', atMs: 1, comment: LONG } };
            truth.set(alarm.tag, changed);
            audience.alarms.take(changed);
          }
        } else if (action.kind === 'define') {
          priority = action.priority as 'low' | 'high';
          audience.alarms.setDefinitions(definitionsOf(priority));
        } else if (action.kind === 'turn') endTurn();
        else if (action.kind === 'land') viewers[action.viewer].land();
        else if (action.kind === 'stuff') viewers[action.viewer].bufferedAmount ^= 1 << 19;
        else {
          audience.dismiss(viewers[action.viewer].viewer);
          viewers[action.viewer] = new Reader(audience);
        }
      }
      for (const viewer of viewers) viewer.bufferedAmount = 0;
      endTurn();
      audience.tick();
      for (const viewer of viewers) viewer.land();

      const standing = [...truth.values()].filter(({ state, hidden }) => state !== 'normal' || hidden.length > 0);
      for (const viewer of viewers) {
        const read = viewer.read();
        expect(read.alarms).toEqual(new Map(standing.map(({ tag, version }) => [tag, version])));
        for (const { definition } of standing) expect(read.definitions.get(definition)).toBe(priority);
        expect(read.isWhole).toBe(true);
      }
      expect(audience.alarms.behind).toBe(0);
    }),
    { numRuns: runs(150, 5_000) },
  );
});

/** Reads what it is told as a viewer does, and whether that is in order. */
class Reader extends FakeViewer {
  read() {
    const alarms = new Map<string, number>();
    const newest = new Map<string, number>();
    const definitions = new Map<string, string>();
    let isWhole = false;
    for (const event of this.events) {
      if (event.type === 'alarm-definitions') {
        for (const { id, priority } of event.definitions) definitions.set(id, priority);
      }
      if (event.type !== 'alarms') continue;
      expect(event.snapshot !== undefined).toBe(!isWhole);
      isWhole ||= event.snapshot === 'last';
      const ranks = event.alarms.map(urgencyRank);
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      for (const alarm of event.alarms) {
        expect(definitions.has(alarm.definition)).toBe(true);
        expect(alarm.version).toBeGreaterThanOrEqual(newest.get(alarm.tag) ?? 0);
        newest.set(alarm.tag, alarm.version);
        if (alarm.state === 'normal' && alarm.hidden.length === 0) alarms.delete(alarm.tag);
        else alarms.set(alarm.tag, alarm.version);
      }
    }
    return { alarms, definitions, isWhole };
  }
}

function open(): void {
  turn = [];
  audience = createAudience(new FakeClock(), 10, 1 << 26, (run) => turn.push(run));
}

function endTurn(): void {
  for (let run = turn.shift(); run; run = turn.shift()) run();
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

/** Has what it was sent wait in its queue until it has landed. */
function counting(viewer: FakeViewer): FakeViewer & { readonly longest: number } {
  const counted = Object.assign(viewer, { longest: 0 });
  const send = viewer.send.bind(viewer);
  viewer.send = (data, options) => {
    viewer.bufferedAmount += data.byteLength;
    counted.longest = Math.max(counted.longest, viewer.bufferedAmount);
    send(data, options);
  };
  return counted;
}
