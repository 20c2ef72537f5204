import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClockTrust } from '../../../server/history/clock-trust.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory } from '../../support/stored-history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const folder = new Folder();
let history: StoredHistory;
let clock: FakeClock;
let trust: ClockTrust;

beforeEach(async () => {
  history = await StoredHistory.open(folder.path('history'));
  clock = new FakeClock();
  restart();
});
afterEach(() => history.close());

describe('the clock of the server', () => {
  it('is believed after a start where nothing is stored, and after an hour or a night off', async () => {
    expect(await doubt()).toBeUndefined();

    for (const offMs of [HOUR_MS, 16 * HOUR_MS]) {
      clock.advance(offMs);
      restart();
      expect(await doubt()).toBeUndefined();
    }
  });

  it('is not believed for a day of running after a year off, which may as well be a clock that is wrong', async () => {
    await doubt();
    clock.advance(365 * DAY_MS);
    restart();

    expect(await doubt()).toBe('the clock of the server is 365 days ahead of what is stored');
    clock.advance(DAY_MS - 1);
    expect(await doubt()).toBeDefined();
    clock.advance(1);
    expect(await doubt()).toBeUndefined();

    restart();
    expect(await doubt()).toBeUndefined();
  });

  it('that is years ahead is believed no sooner for being started again with it', async () => {
    await doubt();
    clock.set(10 * 365 * DAY_MS);
    for (let start = 0; start < 3; start++) {
      restart();
      expect(await doubt()).toMatch(/365\d days ahead/);
      clock.advance(DAY_MS / 2);
      expect(await doubt()).toBeDefined();
    }

    clock.set(-10 * 365 * DAY_MS); // as it was, and the starts before have left no trace
    clock.advance(-1.5 * DAY_MS);
    restart();
    expect(await doubt()).toBeUndefined();
  });

  it('is not believed where it is behind, or was set while the server ran and before it was started again', async () => {
    await doubt();
    clock.set(-2 * HOUR_MS);
    expect(await doubt()).toBe('the clock of the server was set by 2 hours');
    restart();
    expect(await doubt()).toBe('the clock of the server is 2 hours behind what is stored');
  });

  it('is compared with the files where the catalogue was made again of them', async () => {
    await history.database.run(`INSERT INTO catalogue.files BY NAME SELECT 'f' AS path, 0 AS tier, DATE '2026-01-01' AS day,
      'PMT-1' AS channel, 1 AS first_segment, 1 AS last_segment, 1 AS rows, 1 AS bytes, 0 AS crc32, 0 AS from_ns, 1 AS to_ns,
      ${clock.nowMs() - 40 * DAY_MS} AS stored_ms`);

    expect(await doubt()).toContain('40 days ahead');
  });
});

function restart(): void {
  trust = new ClockTrust({ catalogue: history.catalogue, clock, log: silentLog() });
}

async function doubt(): Promise<string | undefined> {
  await trust.check();
  return trust.doubt;
}
