import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AlarmAction } from '../../../server/wire/alarm-actions.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { actionOn, clear, type KeptAlarms, KIM, keepAlarms, raise } from '../../support/kept-alarms.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const TAG = 'light-high:lamp';
const OTHER = 'light-low:lamp';

describe('numbers of alarms', () => {
  it('never have the occurrence or version again that was told before a kill and not written', async () => {
    const clock = new FakeClock();
    const told: string[] = [];
    let log = new MemoryLog();
    let seen: AlarmAction[] = [];
    for (const atStart of [undefined, undefined, 'the disk is full', 'the disk is full', undefined]) {
      log.failure = atStart;
      const kept = await keepAlarms(log, [TAG, OTHER], clock);
      log.failure = undefined;
      raise(kept, OTHER);
      if (atStart === undefined) await written(kept);
      log.failure = 'the disk is full';
      clear(kept, OTHER);
      raise(kept, OTHER);
      raise(kept, TAG);
      for (const before of seen) {
        const { alarms } = before;
        const now = kept.states.find(alarms[0]!.tag)!;
        expect(now.occurrence).toBeGreaterThan(alarms[0]!.occurrence);
        expect((await kept.states.act(before, KIM)).results).toMatchObject([{ refusal: 'ALARM_NEWER' }]);
      }
      seen = [TAG, OTHER].map((tag) => actionOn([kept.states.find(tag)]));
      clear(kept, TAG);
      await setImmediate();
      for (const { entry } of kept.published) {
        told.push(`${entry.tag}/${entry.occurrence}/${entry.version}`);
        expect([entry.version <= entry.number, entry.occurrence <= entry.number]).toEqual([true, true]);
      }
      log = afterKill(log);
      clock.advance(1000);
    }
    expect(new Set(told).size).toBe(told.length);
  });

  it('go on with their numbers where all was written, and never below those that were lost once', async () => {
    let log = new MemoryLog();
    const first = await keepAlarms(log, [TAG]);
    log.failure = 'the disk is full';
    raise(first, TAG);
    log = afterKill(log);
    const second = await keepAlarms(log, [TAG]);
    await second.journal.close(); // nothing has happened to it
    const third = await keepAlarms(log, [TAG]);
    raise(third, TAG);
    const { occurrence } = third.states.find(TAG)!;
    expect(occurrence).toBeGreaterThan(first.states.find(TAG)!.occurrence);
    clear(third, TAG);
    await third.journal.close();
    const fourth = await keepAlarms(log, [TAG]);
    raise(fourth, TAG);
    expect(fourth.states.find(TAG)!.occurrence).toBe(occurrence + 1);
  });
});

async function written({ journal }: KeptAlarms): Promise<void> {
  while (journal.status().waiting > 0) await setImmediate();
}

/** What the disk has of it; who wrote it is dead. */
function afterKill(log: MemoryLog): MemoryLog {
  const after = new MemoryLog();
  after.payloads.push(...log.payloads);
  return after;
}
