import type { LedgerReply } from '../../server/wire/rest.ts';
import type { Locale } from '../locale/locale.ts';

type CountKey = { [Key in keyof LedgerReply]: LedgerReply[Key] extends number ? Key : never }[keyof LedgerReply];

/** Columns of counts, in the order in which they are shown. */
function countColumns({ text }: Locale): [heading: string, key: CountKey][] {
  return [
    [text.received, 'received'],
    [text.reduced, 'reduced'],
    [text.pending, 'pending'],
    [text.expected, 'expected'],
    [text.missingColumn, 'missing'],
    [text.gaps, 'gaps'],
    [text.duplicate, 'duplicate'],
    [text.late, 'late'],
    [text.deviceLost, 'deviceLost'],
    [text.reanchored, 'reanchored'],
    [text.clippedSamples, 'clipped'],
    [text.nonfiniteSamples, 'nonfinite'],
    [text.windows, 'windows'],
  ];
}

/** What stands over the cells of `ledgerCells`. */
export function ledgerColumns(locale: Locale): string[] {
  return [locale.text.channel, locale.text.state, ...countColumns(locale).map(([heading]) => heading)];
}

/** One row of the ledger, as it is written. */
export function ledgerCells(entry: LedgerReply, label: string, locale: Locale): string[] {
  const { text } = locale;
  const state = entry.live ? text.connected : text.disconnected;
  return [label, state, ...countColumns(locale).map(([, key]) => locale.count(entry[key]))];
}

/** When devices set their clocks, newest first, as rows of cells. */
export function clockStepRows(ledger: readonly LedgerReply[], labelOf: (channel: string) => string, locale: Locale) {
  return ledger
    .flatMap(({ channel, clockSteps }) => clockSteps.map((step) => ({ channel, ...step })))
    .sort((a, b) => b.timeMs - a.timeMs)
    .map(({ channel, timeMs, from, stepMs }) => {
      const by = `${stepMs < 0 ? '\u2212' : '+'}${locale.delay(Math.abs(stepMs))}`;
      return [labelOf(channel), locale.moment(timeMs), locale.count(from), by];
    });
}

/** The entries as `names` lists their channels; those it does not name come last. */
export function inDisplayOrder(ledger: readonly LedgerReply[], names: readonly string[]): LedgerReply[] {
  const places = new Map(names.map((name, place) => [name, place]));
  const placeOf = ({ channel }: LedgerReply) => places.get(channel) ?? names.length;
  return [...ledger].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Whether nothing is known to be lost: on the line, in a device, or where a clock was set anew and nobody can tell. */
export function isWhole(ledger: readonly LedgerReply[]): boolean {
  return ledger.every(({ missing, deviceLost, reanchored }) => missing + deviceLost + reanchored === 0);
}
