import type { AppendLog } from '../durable/append-log.ts';
import type { Kept } from './queue.ts';

/** Up to where destinations have what they want. */
export interface Cursors {
  /** By destination: number of the first message that it may not have. */
  readonly of: Readonly<Record<string, number>>;
  /** By destination: numbers of those before that it refuses and is told again; no older server wrote them. */
  readonly parked?: Readonly<Record<string, readonly number[]>>;
  /** Number of the next message. */
  readonly next: number;
  /** Number of the newest entry of the journal up to which all were offered and are here or done with. */
  readonly taken?: number;
}

type OutboxRecord = Omit<Kept, 'bytes'> | Cursors;

export function encodeRecord(record: OutboxRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/** Messages in order, some of which were delivered; where that is, by the newest record that says so; bytes of all records. */
export async function readOutbox(
  store: AppendLog,
): Promise<{ readonly kept: readonly Kept[]; readonly cursors: Cursors | undefined; readonly bytes: number }> {
  const kept = new Map<number, Kept>(); // one that was written again is the same
  let cursors: Cursors | undefined;
  let bytes = 0;
  for await (const { payload } of store.read(1)) {
    const record = JSON.parse(payload.toString()) as OutboxRecord;
    bytes += payload.length;
    if ('message' in record) kept.set(record.n, { ...record, bytes: payload.length });
    else cursors = record;
  }
  return { kept: [...kept.values()].sort((a, b) => a.n - b.n), cursors, bytes };
}
