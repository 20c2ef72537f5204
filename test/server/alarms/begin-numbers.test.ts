import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginNumbers } from '../../../server/alarms/begin-numbers.ts';
import type { AlarmAction } from '../../../server/wire/alarm-actions.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { actionOn, clear, type KeptAlarms, KIM, keepAlarms, raise } from '../../support/kept-alarms.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const TAG = 'light-high:lamp';
const OTHER = 'light-low:lamp';
const NOW_MS = Date.parse('2026-11-23T00:00Z');
const YEARS_MS = 100 * 366 * 86_400_000;

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

  it('have at most fifteen digits for a hundred years, as spreadsheets keep them, and never go back', async () => {
    const log = new MemoryLog();
    const start = (last: number, nowMs: number) =>
      beginNumbers(log, { last, floor: undefined, isDamaged: false }, 0, nowMs);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(YEARS_MS), fc.nat(50_000)), { maxLength: 50 }), async (ends) => {
        let last = 0;
        for (const [afterMs, entries] of ends.sort(([one], [other]) => one - other)) {
          const { next, floor } = await start(last, NOW_MS + afterMs);
          expect(Math.min(next, floor + 1)).toBeGreaterThan(last);
          last = next + entries;
        }
        expect(last).toBeLessThan(1e15);
      }),
    );
    const older = 1_795_000_000_000_000; // of sixteen digits, as they once were
    const { next } = await start(older, NOW_MS);
    expect(next).toBeGreaterThan(older);
    expect((await start(older, NOW_MS + 1000)).next).toBeGreaterThan(next); // where nothing of it was written
    expect(Number.isSafeInteger((await start(older, NOW_MS + YEARS_MS)).next)).toBe(true);
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
