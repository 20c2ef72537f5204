import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stringify } from 'smol-toml';

const COMMAND = fileURLToPath(new URL('../../build/server/cli/fenestra.js', import.meta.url));
const LOG_LIMIT = 10_000;
const KILL_AFTER_MS = 10_000;

export interface TestServer {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly ingest: { readonly host: string; readonly port: number };
  readonly pid: number;
  /** The log so far, one object a line; the oldest are forgotten past 10,000. */
  readonly logs: readonly LogLine[];
  /** Sends a signal without waiting for its effect. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves to the exit code when the process has ended, for whatever reason. */
  readonly ended: Promise<number | undefined>;
  /** Stops it as Ctrl-C does; resolves to the exit code. Kills it after 10 s. */
  close(): Promise<number | undefined>;
}

export type LogLine = Readonly<Record<string, unknown>>;

interface Listening {
  readonly http: { readonly host: string; readonly port: number };
  readonly ingest: { readonly host: string; readonly port: number };
}

/**
 * Runs the built server as a process of its own on free ports, with
 * `overrides` as its settings file. Rejects with what it printed when it ends
 * before it listens. The caller closes it.
 */
export async function startServer(overrides: Readonly<Record<string, object>> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fenestra-test-'));
  const file = join(folder, 'fenestra.toml');
  writeFileSync(file, stringify(withFreePorts(overrides)));

  const child = spawn(process.execPath, [COMMAND, 'serve', '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const logs: LogLine[] = [];
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-LOG_LIMIT);
  });
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => {
    rmSync(folder, { recursive: true, force: true });
    return code ?? undefined;
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

  return {
    url: `http://${http.host}:${http.port}`,
    ingest,
    pid: child.pid!,
    logs,
    ended,
    kill: (signal) => void child.kill(signal),
    async close() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
  };
}

function withFreePorts(overrides: Readonly<Record<string, object>>): Record<string, object> {
  return { ...overrides, server: { port: 0, ...overrides.server }, ingest: { port: 0, ...overrides.ingest } };
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { notJson: line }; // shown to the test that looks
  }
}
