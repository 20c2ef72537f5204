import { type App, startApp } from './app.ts';
import { createLog } from './base/log.ts';
import { LogOutput } from './base/log-output.ts';
import type { LoadedConfig } from './load-config.ts';

export interface MainOptions {
  readonly settings: LoadedConfig;
  readonly version: string;
  /** The number of the open file that the log goes to. */
  readonly logFile: number;
  /** As `AppOptions` has them. */
  readonly plantAlarms: readonly URL[];
  /** Called once, when everything listens; what it returns is undone before the server stops. */
  readonly onListening?: (app: App) => () => Promise<void>;
}

const STOP_LIMIT_MS = 9000; // before the ten seconds after which others lose patience
/** So long the last lines of the log may take. */
const LOG_LIMIT_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs the server until a signal or a bug on this thread ends the process: 0
 * after a clean stop, 1 otherwise. A second signal ends it at once. Rejects
 * when it cannot start.
 */
export async function runServer({ settings, version, logFile, plantAlarms, onListening }: MainOptions): Promise<void> {
  const { config, unknown } = settings;
  const logOutput = new LogOutput(logFile);
  const log = createLog('server', config.log.level, logOutput);
  for (const variable of unknown) log.warn({ variable }, 'this environment variable is not a setting');

  const exit = async (code: number) => {
    await logOutput.close(LOG_LIMIT_MS);
    process.exit(code);
  };
  const fail = (error: unknown) => {
    log.fatal({ err: error }, 'the server has failed');
    void exit(1);
  };
  process.on('uncaughtException', fail); // unhandled rejections arrive here too

  let isStopping = false;
  let stop = (): Promise<void> => exit(0); // nothing to undo yet
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => fail(new Error(`not stopped after ${STOP_LIMIT_MS} ms`)), STOP_LIMIT_MS).unref();
    stop().catch(fail);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);

  const app = await startApp(config, { log, logOutput, version, plantAlarms }).catch(async (error: unknown) => {
    await logOutput.close(LOG_LIMIT_MS);
    throw error;
  });
  log.info({ version, http: app.http, ingest: app.ingest }, 'listening');
  const undo = onListening?.(app);
  const { reloadCertificate } = app;
  if (reloadCertificate) process.on('SIGHUP', () => void reloadCertificate());

  stop = async () => {
    await undo?.();
    await app.close();
    log.info('stopped');
    await exit(0);
  };
}
