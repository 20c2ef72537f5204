import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';

// What a newcomer does: clone, and two commands. Installs from the registry.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 300_000;

let clone: string;

beforeAll(() => {
  clone = join(mkdtempSync(join(tmpdir(), 'fenestra-newcomer-')), 'fenestra');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
});

afterAll(() => rmSync(join(clone, '..'), { recursive: true, force: true }));

describe('a fresh clone', () => {
  it('starts with eight live sensors by `npm start`, and stops cleanly', async () => {
    const run = await start();

    await expect.poll(() => liveChannels(run.url), { timeout: 20_000 }).toBe(8);
    const page = await (await fetch(run.url)).text();

    expect(page).toContain('<script type="module"');
    expect(await run.stop()).toBe(0);
  });

  it('starts again without building anything', async () => {
    const run = await start();

    expect(run.output()).not.toMatch(/installing|building/);
    expect(await run.stop()).toBe(0);
  });

  it.each([
    ['a compiled file', 'build/server/app.js', /building the server/],
    ['a thread', 'build/program/history-worker.js', /building the program/],
    ['the dashboard', 'build/client', /building the dashboard/],
    ['the kernels', 'build/assembly/kernels.wasm', /building the kernels/],
    ['everything built', 'build', /building the kernels[\s\S]*the server[\s\S]*the program[\s\S]*the dashboard/],
    ['a package', 'node_modules/zod', /installing packages/],
  ])('mends itself when %s is gone', async (_name, path, said) => {
    rmSync(join(clone, path), { recursive: true });

    const run = await start();

    expect(run.output()).toMatch(said);
    expect(await run.stop()).toBe(0);
  });

  it('runs two first starts at once', async () => {
    rmSync(join(clone, 'build'), { recursive: true });

    const runs = await Promise.all([start(), start()]);

    expect(await Promise.all(runs.map((run) => run.stop()))).toEqual([0, 0]);
  });

  it('passes `npm test`, which ends with the count', () => {
    const output = execFileSync('npm', ['test'], {
      cwd: clone,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });

    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/);
  });
});

interface Run {
  readonly url: string;
  output(): string;
  stop(): Promise<number | null>;
}

async function start(): Promise<Run> {
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...process.env, FENESTRA_SERVER_PORT: '0', FENESTRA_INGEST_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not started: ${output}`)), START_LIMIT_MS);
    const read = (text: Buffer) => {
      output += text.toString();
      const [, address] = /is running: (http:\S+)/.exec(output) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(([code]) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  return {
    url,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}

async function liveChannels(url: string): Promise<number> {
  const reply = (await (await fetch(new URL('api/system', url))).json()) as SystemReply;
  return reply.ledger.filter(({ live }) => live).length;
}
