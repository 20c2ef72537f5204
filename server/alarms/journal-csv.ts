// The journal as a table for spreadsheets and databases: RFC 4180, UTF-8 with a
// byte order mark, one line an entry.

import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { PlantClock } from './shifts.ts';

type Column = readonly [name: string, cell: (entry: AlarmEntry, clock: PlantClock) => string | number | undefined];

// Texts that people and devices wrote come after `text`; all else has one form.
// biome-ignore format: a table
const COLUMNS: readonly Column[] = [
  ['number', ({ number }) => number],
  ['time_utc', ({ atMs }) => new Date(atMs).toISOString()],
  ['time_plant', ({ atMs }, clock) => clock.written(atMs)],
  ['at_ms', ({ atMs }) => atMs],
  ['sample_time_utc', ({ atNs }) => atNs && isoOfNs(atNs)],
  ['event', ({ event }) => event],
  ['tag', ({ tag }) => text(tag)],
  ['definition', ({ definition }) => text(definition)],
  ['channel', ({ channel }) => text(channel)],
  ['priority', ({ priority }) => priority],
  ['state', ({ state }) => state],
  ['hidden', ({ hidden }) => hidden.join('|')],
  ['occurrence', ({ occurrence }) => occurrence],
  ['version', ({ version }) => version],
  ['annunciated', ({ isAnnunciated }) => Number(isAnnunciated)],
  ['began_utc', ({ beganNs }) => beganNs && isoOfNs(beganNs)],
  ['value', ({ finding }) => finding?.value],
  ['limit', ({ finding }) => finding?.limit],
  ['finding', ({ finding }) => text(finding?.text)],
  ['person', ({ actor }) => text(actor?.name)],
  ['address', ({ actor }) => text(actor?.address)],
  ['comment', ({ comment }) => text(comment)],
  ['until_utc', ({ untilMs }) => untilMs !== undefined ? new Date(untilMs).toISOString() : undefined],
  ['capture', ({ capture }) => text(capture)],
  ['action', ({ action }) => text(action)],
];

const END = '\r\n';
/** What a spreadsheet would take for a formula, also written in the wide forms of East Asia. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;
/** The same behind what is not seen, and where one that splits at semicolons or tabs begins another cell. */
const HIDDEN_FORMULA =
  /(^|[;\t\r\n])((?:[^\S\t\r\n]|["\p{Cf}\p{Default_Ignorable_Code_Point}\u2800])*[=+\-@＝＋－＠])/gu;

/** The first line, with the byte order mark. */
export const CSV_HEAD = `\uFEFF${COLUMNS.map(([name]) => name).join()}${END}`;

/** A line for each entry. */
export function csvLines(entries: readonly AlarmEntry[], clock: PlantClock): string {
  return entries.map((entry) => COLUMNS.map(([, cell]) => quoted(cell(entry, clock))).join() + END).join('');
}

/** A text that no spreadsheet calculates: before what looks like a formula stands an apostrophe. */
function text(written: string | undefined): string | undefined {
  const plain = written?.replaceAll('\0', '').replace(HIDDEN_FORMULA, "$1'$2");
  return plain !== undefined && FORMULA.test(plain) ? `'${plain}` : plain;
}

function quoted(cell: string | number | undefined): string {
  const written = String(cell ?? '');
  return /[",\r\n]|^\s|\s$/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}

/** ISO 8601 with nine digits, which a spreadsheet keeps: a number of so many digits it would round. */
function isoOfNs(ns: string): string {
  const time = BigInt(ns);
  const ms = time / 1_000_000n;
  const rest = String(time % 1_000_000n).padStart(6, '0');
  return `${new Date(Number(ms)).toISOString().slice(0, -1)}${rest}Z`;
}
