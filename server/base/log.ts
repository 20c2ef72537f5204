import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Makes a logger that writes one JSON object a line to standard output.
 *
 * Each thread has its own; `name` says which. Writing is synchronous, so a
 * line that was logged before a crash is there after it.
 */
export function createLog(name: string, level: LogLevel): Logger {
  const serializers = { err: pino.stdSerializers.err, error: pino.stdSerializers.err };
  return pino(
    { name, level, serializers, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 1, sync: true }),
  );
}
