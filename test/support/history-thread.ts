import { Config } from '../../server/config.ts';
import { type HistoryStart, HistoryThread } from '../../server/history-thread.ts';
import { silentLog } from './silent-log.ts';

const BUILD = new URL('../../build/', import.meta.url);

/** Starts the built history thread on a directory, as the server does. The caller closes it. */
export function startHistoryThread(directory: string): Promise<HistoryStart> {
  return HistoryThread.start({
    worker: new URL('program/history-worker.js', BUILD),
    wasm: new URL('assembly/kernels.wasm', BUILD),
    directory,
    settings: Config.parse({}).history,
    logLevel: 'warn',
    log: silentLog(),
    logOutput: { write: (line) => process.stderr.write(line), lose: () => undefined },
  });
}
