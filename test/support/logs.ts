import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppendLog, type AppendLogOptions } from '../../server/durable/append-log.ts';
import { payloadOf, scanRecords } from '../../server/durable/record.ts';
import { parseName } from '../../server/durable/segment.ts';
import { silentLog } from './silent-log.ts';

/** Room for some 12 kB of records. */
export const SEGMENT_BYTES = 16_384;

/** Opens a log of small files. The caller closes it. */
export function openLog(folder: string, options: Partial<AppendLogOptions> = {}): Promise<AppendLog> {
  return AppendLog.open({ folder, log: silentLog(), segmentBytes: SEGMENT_BYTES, ...options });
}

export async function readLog(log: AppendLog, from = 1, to?: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const { payload } of log.read(from, to)) texts.push(`${payload}`);
  return texts;
}

/** A payload of so many bytes at least, which begins with its name. */
export function bytesOf(size: number, name: string): Buffer {
  return Buffer.from(`${name};`.padEnd(size, `${name}.`));
}

/** Where each record of a log lies, its payload, and all its bytes. */
export function storedIn(folder: string): StoredIn[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const parsed = parseName(name);
      if (parsed?.first === undefined) return [];
      const bytes = readFileSync(join(folder, name));
      return scanRecords(bytes, parsed.mark).records.map((record) => {
        return { name, ...record, payload: payloadOf(bytes, record), bytes: bytes.subarray(record.at, record.end) };
      });
    });
}

interface StoredIn {
  readonly name: string;
  readonly sequence: number;
  readonly end: number;
  readonly payload: Buffer;
  readonly bytes: Buffer;
}
