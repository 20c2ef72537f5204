import { afterEach, describe, expect, it } from 'vitest';
import { PlantClock } from '../../../server/alarms/shifts.ts';
import { KPI_PERIODS } from '../../../server/wire/alarm-kpi.ts';
import { Folder } from '../../support/folder.ts';
import { JournalTable } from '../../support/journal-table.ts';
import { runs } from '../../support/runs.ts';
import { BEGIN_MS, CHANGE_MS, LONG_AGO_MS, ScriptedShift, SITE, WINDOW_MS } from '../../support/scripted-shift.ts';
import { SCRIPT_MS, SHIFT_CHANGE_MS } from '../../support/shift-script.ts';

const SEEDS = Array.from({ length: runs(3, 300) }, (_, i) => i + 1);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** When people look: amid the first shift, in the first moment of the second, after the restart, at the end. */
const LOOKS_MS = [10 * MINUTE_MS, SHIFT_CHANGE_MS, 24.5 * MINUTE_MS, SCRIPT_MS];
const PLANT = new PlantClock({ timeZone: SITE.time_zone, shifts: SITE.shifts });
/** What there is in every shift: what people's actions come to, and events that nobody makes. */
const OUTCOMES = [
  ...['acknowledge done', 'acknowledge ALARM_NEWER', 'reset done', 'reset ALARM_STATE', 'comment done'],
  ...['shelve done', 'unshelve done', 'out-of-service done', 'in-service done'],
];
const EVENTS = ['raise', 'clear', 'suppress', 'unsuppress', 'unshelve'];
/** What a window shows is told in the turn of its last sample: by the server's clock no moment later. */
const LATE = `
  SELECT number FROM journal
  WHERE event IN ('raise', 'clear') AND definition IN ('high-high', 'high', 'flicker', 'drift', 'clipped')
    AND sample_time_utc IS NOT NULL AND epoch_ms(sample_time_utc[:23]::TIMESTAMP) + ${WINDOW_MS} <> at_ms`;

const folder = new Folder();
let shift: ScriptedShift;

afterEach(() => shift.close());

describe('a scripted shift', () => {
  it.each(SEEDS)('has the figures that SQL counts from its exported journal, seed %i', async (seed) => {
    shift = await ScriptedShift.start(folder.path(), seed);
    for (const lookMs of LOOKS_MS) {
      await shift.runTo(lookMs);
      const table = await JournalTable.read(folder.write('alarms.csv', await shift.csv()));
      const { nowMs } = shift;

      for (const kind of KPI_PERIODS) {
        const times = [LONG_AGO_MS, BEGIN_MS - HOUR_MS, BEGIN_MS, nowMs];
        const periods = new Map(times.map((atMs) => [PLANT.period(kind, atMs).beginMs, PLANT.period(kind, atMs)]));
        for (const period of periods.values()) {
          const counted = { period: kind, ...(await table.kpi(period, nowMs)) };
          expect(await shift.kpi(kind, period.beginMs), `${kind} ${period.beginMs} after ${lookMs} ms`).toEqual(
            counted,
          );
        }
      }
      expect(await shift.alarms()).toMatchObject(await table.alarms());
      expect(shift.figures).toMatchObject(await table.figures(nowMs));
      if (lookMs === SCRIPT_MS) {
        const events = await table.rows(`SELECT DISTINCT event FROM journal WHERE coalesce(person, '') = ''`);
        expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(EVENTS));
        expect(await table.rows(LATE)).toEqual([]);
        const shelfEnds = `SELECT tag, annunciated FROM journal WHERE event = 'unshelve' AND at_ms = ${CHANGE_MS}`;
        expect(await table.rows(shelfEnds)).toEqual([{ tag: 'high:etch-5', annunciated: 1 }]);
      }
      table.close();
    }

    expect([...new Set(shift.outcomes)]).toEqual(expect.arrayContaining(OUTCOMES));
    const { chattering, fleeting, stale, flood, acknowledge, ...kpi } = await shift.kpi('day', shift.nowMs);
    expect(chattering.alarms.map(({ tag }) => tag)).toContain('flicker:etch-2');
    expect(fleeting.total).toBeGreaterThan(0);
    expect(stale.alarms).toMatchObject([{ tag: 'hall:hall', sinceMs: LONG_AGO_MS }]);
    expect([flood.floods.at(0)!.endMs, flood.floods.at(-1)!.endMs]).toEqual([expect.any(Number), undefined]);
    expect(acknowledge.medianMs).toBeLessThan(acknowledge.p90Ms!);
    expect(Math.min(acknowledge.waiting, ...Object.values(kpi.priorities))).toBeGreaterThan(0);
  });
});
