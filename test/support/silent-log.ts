import { createLog, type Logger } from '../../server/base/log.ts';

/** A log that says nothing. */
export function silentLog(): Logger {
  return createLog('test', 'silent', { write: () => undefined });
}
