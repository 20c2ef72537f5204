import type { Logger } from './base/log.ts';
import type { LogOutput } from './base/log-output.ts';
import { CaptureThread } from './capture-thread.ts';
import type { Config } from './config.ts';
import { type HistoryStart, HistoryThread } from './history-thread.ts';
import { KERNELS } from './installed-files.ts';
import { KeptPast } from './kept-past.ts';
import type { Buses } from './pipeline.ts';
import { StreamThread } from './stream-thread.ts';

export interface ThreadsOptions {
  readonly log: Logger;
  /** Where `log` goes, and what the threads log. */
  readonly logOutput: LogOutput;
  /** Where the build lies, for tests that run from source. */
  readonly worker?: URL;
  readonly captureWorker?: URL;
  readonly historyWorker?: URL;
  readonly inferenceWorker?: URL;
  readonly wasm?: URL;
}

export interface Listener {
  readonly buses: Pick<Buses, 'channels' | 'trends' | 'ledgers'>;
  /**
   * Awaited before devices are let in: from then on somebody takes what comes out of the buses. The storage directory
   * is ours once `locked` resolves, unless the history is off.
   */
  readonly connect: (locked: Promise<HistoryStart>) => Promise<unknown>;
  /** The ingest thread died of a bug. */
  readonly onFailure: () => void;
}

export interface Threads {
  readonly history: HistoryThread;
  readonly recording: CaptureThread;
  readonly keptPast: KeptPast;
  readonly ingest: StreamThread;
}

/**
 * Starts the three threads. All load their code at once; the recordings wait
 * for the history, which holds the lock on the directory, and devices are let
 * in when both are there. Rejects as the first that fails; then none is left
 * running.
 */
export async function startThreads(config: Config, options: ThreadsOptions, listener: Listener): Promise<Threads> {
  const { log, logOutput } = options;
  const wasm = options.wasm ?? KERNELS;
  const common = { wasm, log, logOutput, logLevel: config.log.level };
  const { directory } = config.storage;

  const history = HistoryThread.start({
    ...common,
    worker: options.historyWorker ?? new URL('./history-worker.js', import.meta.url),
    directory,
    settings: config.history,
  });
  const keptPast = new KeptPast({ history: async () => (await history).thread, log });
  const recording = CaptureThread.start({
    ...common,
    worker: options.captureWorker ?? new URL('./capture-worker.js', import.meta.url),
    directory,
    limitBytes: config.capture.keep_bytes,
    owned: history,
    // Anew at each start: recordings may have been removed, and what was pinned goes with a lost catalogue.
    onList: (ready, damaged) => keptPast.keepAll(ready, damaged),
    onReady: (capture) => keptPast.keep(capture),
  });
  const links = Promise.all([history, recording, listener.connect(history)]).then(
    ([{ ingestPort: port, marks }, files]) => ({
      history: port && { port, marks },
      capturePort: files.ingestPort,
    }),
  );
  const ingest = StreamThread.start({
    ...common,
    worker: options.worker ?? new URL('./stream-worker.js', import.meta.url),
    ingest: config.ingest,
    channels: config.channels,
    capture: config.capture,
    links,
    buses: listener.buses,
    onFailure: listener.onFailure, // what was measured stays in sight, stale, and /healthz says why
  });

  try {
    const [past, files, thread] = await Promise.all([history, recording, ingest]);
    return { history: past.thread, recording: files.thread, keptPast, ingest: thread };
  } catch (error) {
    keptPast.close();
    const [past, files, thread] = await Promise.allSettled([history, recording, ingest]);
    if (thread.status === 'fulfilled') await thread.value.close();
    if (files.status === 'fulfilled') await files.value.thread.close();
    if (past.status === 'fulfilled') await past.value.thread.close();
    throw error;
  }
}
