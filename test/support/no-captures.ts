import { AppError } from '../../server/base/errors.ts';
import type { CaptureSource } from '../../server/http/capture-source.ts';
import { OpenReads } from '../../server/http/open-reads.ts';

/** Recordings of a server that has none, for tests of other things. */
export function noCaptures(): CaptureSource {
  const none = () => {
    throw new AppError('CAPTURE_UNKNOWN', 'there are none');
  };
  return {
    query: () => ({ captures: [], total: 0, bytes: 0, limitBytes: 0 }),
    find: () => undefined,
    begin: none,
    remove: none,
    files: none,
    isSound: () => Promise.resolve(true),
    download: none,
    reads: new OpenReads(),
  };
}
