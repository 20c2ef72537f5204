import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const CLIENT = fileURLToPath(new URL('../../build/client', import.meta.url));
// The engine of the browser, on every script in one process.
const PARSE = `
  const { readFileSync } = require('node:fs');
  const { SourceTextModule } = require('node:vm');
  for (const script of process.argv.slice(1)) new SourceTextModule(readFileSync(script, 'utf8'), { identifier: script });
`;
const FIRST_LOAD_LIMIT = 100 * 1024;

it('is a bundle that parses: decorators and types are compiled away', () => {
  const all = scripts();

  expect(all.length).toBeGreaterThan(1);
  execFileSync(process.execPath, ['--experimental-vm-modules', '--eval', PARSE, ...all], { stdio: 'pipe' });
});

it('loads less than 100 kB of script before the first chart', () => {
  const page = readFileSync(`${CLIENT}/index.html`, 'utf8');
  const first = scripts().filter((script) => page.includes(script.slice(CLIENT.length)));

  const bytes = first.reduce((sum, script) => sum + gzipSync(readFileSync(script)).length, 0);

  console.log(`first load: ${(bytes / 1024).toFixed(1)} KiB of script, compressed`);
  expect(first.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(FIRST_LOAD_LIMIT);
});

it.each(['index', 'alarms', 'wall'])('starts no other page with a part that comes later: %s', (page) => {
  const reached = new Set([startOf(page)]);
  for (const name of reached) {
    const text = readFileSync(`${CLIENT}/${name}`, 'utf8');
    for (const [, other] of text.matchAll(/["'`](?:\.|assets)\/([\w-]+\.js)["'`]/g)) reached.add(`assets/${other}`);
  }

  expect(reached.size).toBeGreaterThan(5);
  expect(['index', 'alarms', 'wall'].filter((other) => reached.has(startOf(other)))).toEqual([page]);
});

it('asks nothing of other hosts', () => {
  const addresses = ['index.html', ...assets('.css')].flatMap((name) => {
    const text = readFileSync(`${CLIENT}/${name}`, 'utf8');
    return [...text.matchAll(/(?:src|href)="([^"]+)"|url\(([^)]+)\)/g)].map(([, quoted, bare]) => quoted ?? bare);
  });

  expect(addresses.length).toBeGreaterThan(90); // the font's parts
  expect(addresses.filter((address) => !address.startsWith('/assets/'))).toEqual([]);
});

/** The script that starts a page: the last that it names, after all that it is made of. */
function startOf(page: string): string {
  const named = [...readFileSync(`${CLIENT}/${page}.html`, 'utf8').matchAll(/src="\/(assets\/[^"]+\.js)"/g)];
  return named.at(-1)?.[1] ?? `${page} names no script`;
}

function scripts(): string[] {
  return assets('.js').map((name) => `${CLIENT}/${name}`);
}

function assets(ending: string): string[] {
  return readdirSync(`${CLIENT}/assets`)
    .filter((name) => name.endsWith(ending))
    .map((name) => `assets/${name}`);
}
