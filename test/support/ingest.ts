import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { openWindower } from '../../server/compute/open-windower.ts';
import { type IngestOptions, IngestServer } from '../../server/ingest/ingest-server.ts';
import { compileKernels, type KernelModule } from '../../server/kernels/module.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import { imbalances, type LedgerEntry } from '../../server/trend/ledger.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import type { FakeClock } from './fake-clock.ts';
import type { FakeHistory } from './fake-history.ts';
import { silentLog } from './silent-log.ts';

/** An ingest server with real kernels in this process, and what came out of it. */
export interface TestIngest {
  readonly server: IngestServer;
  readonly address: { readonly host: string; readonly port: number };
  readonly windows: TrendWindow[];
  readonly opened: ChannelInfo[];
  /** The account of the only channel, or of the one named. */
  ledger(channel?: string): LedgerEntry;
  /** Moves `clock`, which must be the server's, in steps that the server looks at one by one: so it did not stand still. */
  pass(clock: FakeClock, ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface TestIngestOptions extends Partial<Omit<IngestOptions, 'history'>> {
  /** Keeps the windows; without it nobody does. */
  readonly history?: FakeHistory;
}

const STEP_MS = 500;

/** Starts an ingest server on a free port of the loopback. Closing it checks every channel's account. */
export async function startIngest(options: TestIngestOptions = {}): Promise<TestIngest> {
  const windows: TrendWindow[] = [];
  const opened: ChannelInfo[] = [];
  const fill = options.fill ?? (() => 0);
  let looks = 0;
  const module = await loadKernels();
  const { history, ...rest } = options;
  const server = new IngestServer({
    host: '127.0.0.1',
    port: 0,
    connectionLimit: 2048,
    creditBytes: 1 << 20,
    listed: {},
    listedOnly: false,
    channelLimit: 256,
    window: 50_000,
    clock: systemClock,
    log: silentLog(),
    openSink: openWindower({
      module,
      emit: (window) => {
        windows.push(window);
        history?.streams.take(window);
      },
    }),
    history: history && {
      streams: history.streams,
      openSink: openWindower({ module, emit: (window) => history.streams.takeAgain(window) }),
    },
    nameStream: randomUUID,
    onOpen: (info) => {
      opened.push(info);
      history?.streams.open(info);
    },
    onChange: () => {},
    ...rest,
    fill: () => {
      looks++; // it is asked once a look
      return fill();
    },
  });
  history?.attach(server);
  const address = await server.listen();
  return {
    server,
    address,
    windows,
    opened,
    ledger: (channel) => {
      const entry = server.ledger().find((it) => channel === undefined || it.channel === channel);
      if (entry === undefined) throw new Error(`no channel ${channel ?? ''} in the ledger`);
      return entry;
    },
    pass: async (clock, ms) => {
      for (let left = ms; left > 0; left -= STEP_MS) {
        clock.advance(Math.min(left, STEP_MS));
        const before = looks;
        while (looks === before) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    close: async () => {
      history?.catchUp();
      await server.close();
      expectBalance(server.ledger());
    },
  };
}

/** Fails where an identity of the ledger does not hold. */
export function expectBalance(entries: readonly LedgerEntry[]): void {
  expect(entries.flatMap((entry) => imbalances(entry).map((words) => `${entry.channel}: ${words}`))).toEqual([]);
}

/** Compiles the built kernels. */
export function loadKernels(): Promise<KernelModule> {
  return compileKernels(readFileSync(new URL('../../build/assembly/kernels.wasm', import.meta.url)));
}
