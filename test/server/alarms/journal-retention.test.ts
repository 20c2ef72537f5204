import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { JournalRetention } from '../../../server/alarms/journal-retention.ts';
import { AppendLog } from '../../../server/durable/append-log.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { actionOn, clear, KIM, keepAlarms, knownOf, raise } from '../../support/kept-alarms.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { silentLog } from '../../support/silent-log.ts';

const DAY_MS = 86_400_000;
const LIMITS = { keepMs: 100 * DAY_MS, keepBytes: 1e9 };
const FILES = 40;
const TAGS = Array.from({ length: 50 }, (_, i) => `high:lamp-${i}`);
const LONG = 'x'.repeat(500);

const folder = new Folder();

/** Files of one entry each, a day between them; the last is of now. */
class DailyLog extends MemoryLog {
  floor = 1;

  constructor(clock: FakeClock) {
    super();
    for (let n = FILES - 1; n >= 0; n--) this.add(clock.nowMs() - n * DAY_MS);
  }

  add(atMs: number): void {
    const number = this.payloads.length + 1;
    this.payloads.push(Buffer.from(JSON.stringify({ ...alarmEntry(), number, atMs })));
  }

  override segments() {
    const firsts = this.payloads.map((_, i) => i + 1).filter((first) => first >= this.floor);
    return firsts.map((first) => ({ first, end: first + 1, records: 1, isSealed: first < this.payloads.length }));
  }

  override async removeBefore(sequence?: number): Promise<void> {
    this.floor = Math.max(this.floor, sequence ?? 0);
  }
}

describe('the retention of the journal', () => {
  it('removes what is older than the limit, as time goes by', async () => {
    const clock = new FakeClock();
    const log = new DailyLog(clock);
    const retention = new JournalRetention(log, LIMITS, clock);

    await retention.removeOld();
    expect(log.floor).toBe(1);
    clock.advance(70 * DAY_MS);
    await retention.removeOld();

    expect(log.floor).toBe(11);
  });

  it('removes nothing where the clock jumps ahead, at once or before the start, and goes on where it is right again', async () => {
    const clock = new FakeClock();
    const log = new DailyLog(clock);
    const retention = new JournalRetention(log, LIMITS, clock);
    await retention.removeOld();

    clock.set(9000 * DAY_MS);
    log.add(clock.nowMs());
    await retention.removeOld();
    expect(log.floor).toBe(1);
    clock.set(-9000 * DAY_MS);
    clock.advance(70 * DAY_MS);
    await retention.removeOld();
    expect(log.floor).toBe(11);

    const other = new DailyLog(new FakeClock());
    const ahead = new FakeClock();
    ahead.set(9000 * DAY_MS);
    await new JournalRetention(other, LIMITS, ahead).removeOld();
    expect(other.floor).toBe(1);
  });

  it('removes nothing by a clock that is set back', async () => {
    const clock = new FakeClock();
    const log = new DailyLog(clock);
    const retention = new JournalRetention(log, LIMITS, clock);
    clock.set(-9000 * DAY_MS);
    clock.advance(70 * DAY_MS);

    await retention.removeOld();

    expect(log.floor).toBe(1);
  });

  it('keeps to its bytes whatever the clock says', async () => {
    const clock = new FakeClock();
    const log = new DailyLog(clock);
    log.status = () => ({ ...MemoryLog.prototype.status.call(log), bytes: 40_000 });
    clock.set(-9000 * DAY_MS);

    await new JournalRetention(log, { ...LIMITS, keepBytes: 30_500 }, clock).removeOld();

    expect(log.floor).toBe(11);
  });

  it('leaves what a start needs, also of an alarm that nothing has happened to since what it removes', async () => {
    const open = () => AppendLog.open({ folder: folder.path(), log: silentLog(), segmentBytes: 256 << 10 });
    const log = await open();
    const kept = await keepAlarms(log, ['low:lamp', ...TAGS]);
    const { states, journal, clock } = kept;
    const all = () => TAGS.map((tag) => states.find(tag));
    await states.act(actionOn([states.find('low:lamp')], { action: 'out-of-service', comment: 'broken' }), KIM);
    for (let i = 0; i < 120; i++) {
      for (const tag of TAGS) raise(kept, tag);
      await states.act(actionOn(all(), { comment: LONG }), KIM);
      for (const tag of TAGS) clear(kept, tag);
    }
    while (journal.status().waiting > 0) await setImmediate();
    const { bytes } = log.status();
    await new JournalRetention(log, { ...LIMITS, keepBytes: 1 }, clock).removeOld();
    expect(log.status().bytes).toBeLessThan(bytes - (1 << 20));
    await journal.close();

    const after = await open();
    const again = await keepAlarms(after, [], clock);
    expect(knownOf(again)).toEqual(knownOf(kept));
    expect(again.states.find('low:lamp')).toMatchObject({ hidden: [{ reason: 'out-of-service', comment: 'broken' }] });
    const tags = new Set<string>();
    for await (const { tag } of again.journal.read(after.segments()[0]!.first, after.next)) tags.add(tag);
    expect(tags).not.toContain('low:lamp');
    await again.journal.close();
  });
});
