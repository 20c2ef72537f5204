import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmReply } from '../wire/alarms.ts';
import type { DoneAction } from './recent-actions.ts';

// Records of the journal are JSON. Most are an `AlarmEntry`; from time to time
// a checkpoint tells what all entries before it came to, in several records:
//
//     {"checkpoint": 8120, "part": 0, "parts": 3, "alarms": [AlarmReply …], "actions": [DoneAction …]}
//
// A start tells the number of its first entry, before there is one, and an end
// that nothing is missing, and the floor of occurrences and versions:
//
//     {"begun": 8121}    {"ended": 0}

/** What all entries up to `number` have come to. */
export interface Checkpoint {
  readonly number: number;
  /** All of which something has ever happened. */
  readonly alarms: readonly AlarmReply[];
  /** Those of the last day. */
  readonly actions: readonly DoneAction[];
}

export interface CheckpointPart {
  readonly checkpoint: number;
  readonly part: number;
  readonly parts: number;
  readonly alarms: readonly AlarmReply[];
  readonly actions: readonly DoneAction[];
}

export type RunRecord = { readonly begun: number } | { readonly ended: number };

type JournalRecord = AlarmEntry | CheckpointPart | RunRecord;

/** Characters of one record: well below what the log takes at a time. */
const PART_CHARACTERS = 256 << 10;

/** The records of a checkpoint. */
export function encodeCheckpoint({ number, alarms, actions }: Checkpoint): Buffer[] {
  const pieces = [
    ...cut(alarms).map((some) => `"alarms":[${some}],"actions":[]`),
    ...cut(actions).map((some) => `"alarms":[],"actions":[${some}]`),
  ];
  if (pieces.length === 0) pieces.push('"alarms":[],"actions":[]');
  const { length: parts } = pieces;
  return pieces.map((piece, part) => Buffer.from(`{"checkpoint":${number},"part":${part},"parts":${parts},${piece}}`));
}

/** The newest of which all parts are there. */
export function newestWhole(parts: readonly CheckpointPart[]): Checkpoint | undefined {
  const byNumber = new Map<number, Map<number, CheckpointPart>>();
  for (const part of parts) {
    const found = byNumber.get(part.checkpoint) ?? new Map<number, CheckpointPart>();
    byNumber.set(part.checkpoint, found.set(part.part, part));
  }
  const whole = [...byNumber].filter(([, found]) => found.size === [...found.values()][0]!.parts);
  const newest = whole.reduce<(typeof whole)[number] | undefined>((a, b) => (a && a[0] > b[0] ? a : b), undefined);
  if (newest === undefined) return undefined;
  const [number, found] = newest;
  const all = [...found.values()];
  return { number, alarms: all.flatMap(({ alarms }) => alarms), actions: all.flatMap(({ actions }) => actions) };
}

/** What a record of the journal holds; undefined where that cannot be told. */
export function readRecord(payload: Uint8Array): JournalRecord | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(payload)) as Partial<
      AlarmEntry & CheckpointPart & { begun: number; ended: number }
    >;
    if (typeof value.checkpoint === 'number') return value as CheckpointPart;
    if (typeof value.begun === 'number' || typeof value.ended === 'number') return value as RunRecord;
    return typeof value.number === 'number' && typeof value.tag === 'string' ? (value as AlarmEntry) : undefined;
  } catch {
    return undefined;
  }
}

export function isEntry(record: JournalRecord | undefined): record is AlarmEntry {
  return record !== undefined && 'number' in record;
}

export function encodeRun(record: RunRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/** Pieces of JSON of so many items as one record holds, with commas between. */
function cut(items: readonly unknown[]): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const item of items) {
    const text = JSON.stringify(item);
    if (piece !== '' && piece.length + text.length > PART_CHARACTERS) {
      pieces.push(piece);
      piece = '';
    }
    piece += piece === '' ? text : `,${text}`;
  }
  return piece === '' ? pieces : [...pieces, piece];
}
