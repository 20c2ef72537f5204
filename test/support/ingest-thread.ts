import { expect } from 'vitest';
import { Bus } from '../../server/base/bus.ts';
import { Config } from '../../server/config.ts';
import type { StreamLinks } from '../../server/stream-messages.ts';
import { StreamThread } from '../../server/stream-thread.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { LedgerEntry } from '../../server/trend/ledger.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { windowImbalances } from '../../server/trend/window-account.ts';
import { expectBalance } from './ingest.ts';
import { keepingPort } from './keeping-port.ts';
import { silentLog } from './silent-log.ts';

const WORKER = new URL('../../build/program/stream-worker.js', import.meta.url);
const WASM = new URL('../../build/assembly/kernels.wasm', import.meta.url);

/** The built ingest thread, and what came out of its buses. */
export interface TestThread {
  readonly thread: StreamThread;
  readonly windows: TrendWindow[];
  /** How long each window took from its last sample read to the bus, ms; beside `windows`. */
  readonly delaysMs: number[];
  readonly opened: ChannelInfo[];
  /** What the thread died of. */
  readonly failures: Error[];
  /** Closes the thread and checks its last books, those of its windows too. */
  close(): Promise<void>;
}

/** Starts an ingest thread on a free port. The caller closes it. */
export async function startThread(
  options: { port?: number; worker?: URL; channels?: object } & StreamLinks = {},
): Promise<TestThread> {
  const windows: TrendWindow[] = [];
  const delaysMs: number[] = [];
  const opened: ChannelInfo[] = [];
  const failures: Error[] = [];
  const raise = (error: unknown) => {
    throw error;
  };
  const buses = {
    channels: new Bus<ChannelInfo>(raise),
    trends: new Bus<TrendWindow>(raise),
    ledgers: new Bus<readonly LedgerEntry[]>(raise),
  };
  let books: readonly LedgerEntry[] = [];
  buses.ledgers.subscribe((entries) => {
    books = entries;
  });
  buses.channels.subscribe((info) => opened.push(info));
  buses.trends.subscribe((window) => {
    windows.push(window);
    delaysMs.push(Date.now() - window.arrivedMs);
  });

  const config = Config.parse({ ingest: { port: options.port ?? 0 }, channels: options.channels ?? {} });
  const thread = await StreamThread.start({
    worker: options.worker ?? WORKER,
    wasm: WASM,
    ingest: config.ingest,
    channels: config.channels,
    capture: config.capture,
    links: Promise.resolve({
      history: options.history ?? { port: keepingPort(), marks: [] },
      capturePort: options.capturePort,
    }),
    logLevel: 'silent',
    buses,
    log: silentLog(),
    logOutput: { write: () => undefined, lose: () => undefined },
    onFailure: (error) => failures.push(error),
  });
  const close = async () => {
    await thread.close();
    expectBalance(books);
    expect(windowImbalances(thread.windows())).toEqual([]);
  };
  return { thread, windows, delaysMs, opened, failures, close };
}
