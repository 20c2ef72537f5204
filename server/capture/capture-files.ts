import { join } from 'node:path';
import { CAPTURE_ID } from '../wire/names.ts';

/** Where a recording's files are. */
export interface CaptureFiles {
  /** Without an ending, for the SigMF pair. */
  readonly base: string;
  readonly data: string;
  readonly meta: string;
  readonly overview: string;
  /** What the list says of it. */
  readonly record: string;
}

/** Files of the recording `id` in `directory`. Throws where that is no identifier of ours. */
export function captureFiles(directory: string, id: string): CaptureFiles {
  if (!CAPTURE_ID.test(id)) throw new RangeError('an identifier of a recording, expected 1 to 64 of a-z 0-9 -');
  const base = join(directory, id);
  return {
    base,
    data: `${base}.sigmf-data`,
    meta: `${base}.sigmf-meta`,
    overview: `${base}.fenestra-overview`,
    record: `${base}.json`,
  };
}
