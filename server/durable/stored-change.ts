import { z } from 'zod';

/** Who wrote a version of a document, when, and why. */
export interface Authorship {
  readonly by: string;
  /** UTC, milliseconds since 1970. */
  readonly atMs: number;
  readonly comment?: string | undefined;
}

/** One version of a document, as one record of a log. */
export interface StoredChange extends Authorship {
  readonly key: string;
  readonly version: number;
  /** JSON; absent where the document was removed. */
  readonly document?: unknown;
}

/** The first record of a generation: every version to come is larger. */
export interface StoredBase {
  readonly base: number;
}

const storedRecord = z.union([
  z.object({ base: z.int().min(0) }),
  z.object({
    key: z.string(),
    version: z.int().min(1),
    by: z.string(),
    atMs: z.int(),
    comment: z.string().optional(),
    document: z.json().optional(),
  }),
]);

/** As JSON in UTF-8. */
export function encodeStored(record: StoredChange | StoredBase): Buffer {
  return Buffer.from(JSON.stringify(record), 'utf8');
}

/** Throws where the bytes are not of this store. */
export function decodeStored(payload: Buffer): StoredChange | StoredBase {
  return storedRecord.parse(JSON.parse(payload.toString('utf8')));
}
