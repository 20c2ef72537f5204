import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'smol-toml';
import { expect } from 'vitest';
import { windowImbalances } from '../../server/trend/window-account.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { COMMAND } from './command.ts';
import { expectBalance } from './ingest.ts';

const LOG_LIMIT = 10_000;
/** Lines of the log that are shown of a server that crashed. */
const LAST = 20;
const KILL_AFTER_MS = 30_000; // it ends itself before that
const ANSWER_LIMIT_MS = 60_000;

export interface TestServer {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly ingest: { readonly host: string; readonly port: number };
  readonly pid: number;
  /** The log so far, one object a line; the oldest are forgotten past 10,000. */
  readonly logs: readonly LogLine[];
  /** Asks for the account of every channel and of the windows, and fails where an identity does not hold. */
  expectBalance(): Promise<void>;
  /** Sends a signal without waiting for its effect. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves to the exit code when the process has ended, or to the signal that ended it: one that it was sent, or a crash. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /**
   * Checks its books, unless it was sent a signal before, and stops it as
   * Ctrl-C does; resolves as `ended`. Kills it after 30 s.
   */
  close(): Promise<number | NodeJS.Signals>;
}

export type LogLine = Readonly<Record<string, unknown>>;

interface Listening {
  readonly http: { readonly host: string; readonly port: number; readonly isSecure: boolean };
  readonly ingest: { readonly host: string; readonly port: number };
}

/**
 * Runs the built server as a process of its own on free ports, with
 * `overrides` as its settings file and `env` added to its environment. Rejects with what it printed when it ends
 * before it listens. The caller closes it.
 */
export async function startServer(
  overrides: Readonly<Record<string, object>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fenestra-test-'));
  const file = join(folder, 'fenestra.toml');
  writeFileSync(file, stringify(withOwnPlace(overrides, join(folder, 'data'))));

  const child = spawn(process.execPath, [COMMAND, 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const logs: LogLine[] = [];
  const sent = new Set<NodeJS.Signals>();
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-LOG_LIMIT);
  });
  const lastSaid = (what: string) => console.info(what, logs.slice(-LAST), complaint);
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) => {
    rmSync(folder, { recursive: true, force: true });
    const end = (code ?? signal) as number | NodeJS.Signals;
    const isSent = typeof end === 'number' || end === 'SIGKILL' || sent.has(end);
    if (!isSent) lastSaid(`the server has crashed by ${end}`);
    return end;
  });

  const { http, ingest } = await new Promise<Listening>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = parseLine(line);
      logs.push(entry);
      if (logs.length > LOG_LIMIT) logs.shift();
      if (entry.msg === 'listening' && 'http' in entry) resolve(entry as unknown as Listening);
    });
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${complaint}`)));
  });

  const url = `${http.isSecure ? 'https' : 'http'}://${http.host}:${http.port}`;
  let isUp = true;
  void ended.then(() => {
    isUp = false;
  });
  const kill = (signal: NodeJS.Signals) => {
    isUp = false;
    sent.add(signal);
    child.kill(signal);
  };
  const stop = async () => {
    kill('SIGTERM');
    const timer = setTimeout(() => {
      lastSaid(`the server has not stopped in ${KILL_AFTER_MS} ms`);
      child.kill('SIGKILL');
    }, KILL_AFTER_MS);
    const code = await ended;
    clearTimeout(timer);
    return code;
  };

  return {
    url,
    ingest,
    pid: child.pid!,
    logs,
    ended,
    expectBalance: () => expectBooks(url),
    kill,
    async close() {
      try {
        if (isUp) await expectBooks(url);
      } finally {
        await stop();
      }
      return ended;
    },
  };
}

async function expectBooks(url: string): Promise<void> {
  const reply = await fetch(`${url}/api/system`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  const { ledger, windows } = (await reply.json()) as SystemReply;
  expectBalance(ledger);
  expect(windowImbalances(windows)).toEqual([]);
}

function withOwnPlace(overrides: Readonly<Record<string, object>>, directory: string): Record<string, object> {
  return {
    ...overrides,
    server: { port: 0, ...overrides.server },
    ingest: { port: 0, ...overrides.ingest },
    storage: { directory, ...overrides.storage },
  };
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { notJson: line }; // shown to the test that looks
  }
}
