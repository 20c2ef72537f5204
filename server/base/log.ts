import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes whole lines, their newlines at the end. Never waits. */
export interface LogSink {
  write(line: string): void;
}

/** Makes a logger that writes one JSON object a line to `sink`. Each thread has its own; `name` says which. */
export function createLog(name: string, level: LogLevel, sink: LogSink): Logger {
  const serializers = { err: pino.stdSerializers.err, error: pino.stdSerializers.err };
  return pino({ name, level, serializers, timestamp: pino.stdTimeFunctions.isoTime }, sink);
}
