import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';

// The real script in a project whose compilers only note that they ran.

const SCRIPT = 'server/cli/bootstrap.mjs';
const LOCK = 'build/.lock';
const COMPILERS = {
  'node_modules/assemblyscript/bin/asc.js': 'build/assembly/kernels.wasm',
  'node_modules/typescript/bin/tsc': 'build/server/main.js',
  'server/cli/bundle.mjs': 'build/program/fenestra.js',
  'node_modules/vite/bin/vite.js': 'build/client/index.html',
};

const folder = new Folder();

describe('the bootstrap', () => {
  it('builds what is missing, once', async () => {
    const project = createProject();

    await bootstrap(project);
    await bootstrap(project);

    expect(builds(project)).toEqual(Object.values(COMPILERS));
    expect(existsSync(join(project, LOCK))).toBe(false);
  });

  it('builds once when two start at the same time', async () => {
    const project = createProject();

    await Promise.all([bootstrap(project), bootstrap(project)]);

    expect(builds(project)).toEqual(Object.values(COMPILERS));
  });

  it.each([
    ['whose owner has ended', '4194303 1'],
    ['whose owner has ended and left its number to another program', `${process.pid} 1`],
  ])('takes a lock away %s', async (_name, text) => {
    const project = createProject();
    write(project, LOCK, text);

    await bootstrap(project);

    expect(builds(project)).toEqual(Object.values(COMPILERS));
  });

  it('waits for a lock whose owner lives', async () => {
    const project = createProject();
    const slow = bootstrap(project, { BUILD_MS: '300' });
    await expect.poll(() => existsSync(join(project, LOCK))).toBe(true);

    const output = await bootstrap(project);
    await slow;

    expect(output).toContain('waiting');
    expect(builds(project)).toEqual(Object.values(COMPILERS));
  });
});

function createProject(): string {
  const project = folder.path();
  mkdirSync(dirname(join(project, SCRIPT)), { recursive: true });
  copyFileSync(fileURLToPath(new URL(`../../${SCRIPT}`, import.meta.url)), join(project, SCRIPT));
  write(project, 'package.json', JSON.stringify({ engines: { node: '>=20.19' } }));
  for (const lock of ['package-lock.json', 'node_modules/.package-lock.json']) write(project, lock, '{"packages":{}}');
  for (const [compiler, made] of Object.entries(COMPILERS)) write(project, compiler, compilerOf(made));
  return project;
}

function compilerOf(made: string): string {
  return `
    const { appendFileSync, mkdirSync, writeFileSync } = process.getBuiltinModule('node:fs');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.env.BUILD_MS ?? 0));
    mkdirSync('${dirname(made)}', { recursive: true });
    writeFileSync('${made}', '');
    appendFileSync('builds.txt', '${made}\\n');
  `;
}

function write(project: string, path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

function builds(project: string): string[] {
  return readFileSync(join(project, 'builds.txt'), 'utf8').trim().split('\n');
}

/** Runs it to its end and returns what it said; rejects where it failed. */
async function bootstrap(project: string, environment: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [join(project, SCRIPT)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`ended with ${code}: ${output}`);
  return output;
}
