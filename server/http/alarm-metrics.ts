import { Counter, Gauge, type Registry } from 'prom-client';
import type { AlarmFiguresReply } from '../wire/alarm-figures.ts';

type Read = readonly [name: string, help: string, read: (from: AlarmFiguresReply) => number];

// biome-ignore format: a table
const GAUGES: readonly Read[] = [
  ['watched', 'Alarms that definitions make of channels and of the server.', (a) => a.watched],
  ['refused', 'Alarms that definitions make and that are too many to be watched for.', (a) => a.refused],
  ['standing', 'Alarms whose condition is present.', (a) => a.standing],
  ['unacknowledged', 'Alarms that nobody has acknowledged.', (a) => a.unacknowledged],
  ['recently_annunciated', 'Alarms annunciated in the last ten minutes.', (a) => a.recentlyAnnunciated],
  ['flood', 'Whether that is a flood: more than 10, until fewer than 5.', (a) => Number(a.isFlood)],
  ['remembered', 'Annunciations that figures are counted from.', (a) => a.remembered],
  ['sending_tables', 'Tables of the journal that are being sent.', (a) => a.tables.reading],
  ['waiting_actions', 'Actions of people that wait for the disk.', (a) => a.waitingActions],
  ['journal_waiting_entries', 'Entries of the journal that wait for the disk.', (a) => a.journal.waiting],
  ['journal_bytes', 'Bytes of the journal on the disk, with what is set aside.', (a) => a.journal.bytes],
  ['journal_damaged_records', 'Records of the journal that are gone because their files were damaged.', (a) => a.journal.damaged],
  ['journal_failing', 'Whether the journal cannot be written.', (a) => Number(a.journal.problem !== undefined)],
];

// biome-ignore format: a table
const TOTALS: readonly Read[] = [
  ['journal_entries', 'Entries of the journal written.', (a) => a.journal.written],
  ['journal_lost_entries', 'Entries of the journal given up because too many waited for the disk.', (a) => a.journal.lost],
  ['crowded_out', 'Annunciations forgotten because too many were remembered.', (a) => a.crowdedOut],
  ['periods_read', 'Periods of long ago whose figures were read from the journal.', (a) => a.periodsRead],
  ['periods_refused', 'Periods that were not read or counted, because others were.', (a) => a.periodsRefused],
  ['tables_refused', 'Tables of the journal refused, because others were being sent.', (a) => a.tables.readsRefused],
  ['tables_cut', 'Tables of the journal cut, because nobody took what they sent for a minute.', (a) => a.tables.readsCut],
  ['captures_failed', 'Recordings that definitions ask for and that there is nothing of.', (a) => a.capturesFailed],
];

/** Adds what is known of alarms and their journal. */
export function addAlarmMetrics(registry: Registry, figures: AlarmFiguresReply): void {
  const to = [registry];
  for (const [name, help, read] of GAUGES) {
    new Gauge({ name: `fenestra_alarms_${name}`, help, registers: to }).set(read(figures));
  }
  for (const [name, help, read] of TOTALS) {
    new Counter({ name: `fenestra_alarms_${name}_total`, help, registers: to }).inc(read(figures));
  }
  const hidden = new Gauge({
    name: 'fenestra_alarms_hidden',
    help: 'Alarms that are hidden, by the reason of the list that shows them.',
    labelNames: ['reason'],
    registers: to,
  });
  for (const [reason, count] of Object.entries(figures.hidden)) hidden.set({ reason }, count);
  const annunciated = new Counter({
    name: 'fenestra_alarms_annunciated_total',
    help: 'Alarms annunciated: people were to notice.',
    labelNames: ['priority'],
    registers: to,
  });
  for (const [priority, count] of Object.entries(figures.annunciated)) annunciated.inc({ priority }, count);
}
