import { describe, expect, it } from 'vitest';
import { JournalRetention } from '../../../server/alarms/journal-retention.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const DAY_MS = 86_400_000;
const LIMITS = { keepMs: 100 * DAY_MS, keepBytes: 1e9 };
const FILES = 40;

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
});
