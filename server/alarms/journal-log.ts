import { AppError } from '../base/errors.ts';
import type { AppendLog } from '../durable/append-log.ts';

/** What the journal needs of the log that it is kept in. */
export type JournalLog = Pick<AppendLog, 'next' | 'append' | 'read' | 'segments' | 'removeBefore' | 'status' | 'close'>;

/** Stands in for a log that cannot be opened: nothing can be kept, and it says why. */
export function deadLog(problem: string): JournalLog {
  return {
    next: 1,
    append: () => Promise.reject(new AppError('STORAGE_FAILED', problem)),
    async *read() {},
    segments: () => [],
    removeBefore: async () => {},
    status: () => ({
      ...{ bytes: 0, segments: 0, records: 0, roomBytes: 0, problem },
      ...{ damage: { records: 0, bytes: 0, files: 0 }, gaps: [], cutBytes: 0, waitingBytes: 0, refused: 0, failed: 0 },
    }),
    close: async () => {},
  };
}
