import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const CLIENT = fileURLToPath(new URL('../../build/client', import.meta.url));
const FIRST_LOAD_LIMIT = 100 * 1024;

it('is a bundle that parses: decorators and types are compiled away', () => {
  const all = scripts();

  expect(all.length).toBeGreaterThan(1);
  for (const script of all) execFileSync(process.execPath, ['--check', script], { stdio: 'pipe' });
});

it('loads less than 100 kB of script before the first chart', () => {
  const page = readFileSync(`${CLIENT}/index.html`, 'utf8');
  const first = scripts().filter((script) => page.includes(script.slice(CLIENT.length)));

  const bytes = first.reduce((sum, script) => sum + gzipSync(readFileSync(script)).length, 0);

  console.log(`first load: ${(bytes / 1024).toFixed(1)} KiB of script, compressed`);
  expect(first.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(FIRST_LOAD_LIMIT);
});

it('asks nothing of other hosts', () => {
  const addresses = ['index.html', ...assets('.css')].flatMap((name) => {
    const text = readFileSync(`${CLIENT}/${name}`, 'utf8');
    return [...text.matchAll(/(?:src|href)="([^"]+)"|url\(([^)]+)\)/g)].map(([, quoted, bare]) => quoted ?? bare);
  });

  expect(addresses.length).toBeGreaterThan(90); // the font's parts
  expect(addresses.filter((address) => !address.startsWith('/assets/'))).toEqual([]);
});

function scripts(): string[] {
  return assets('.js').map((name) => `${CLIENT}/${name}`);
}

function assets(ending: string): string[] {
  return readdirSync(`${CLIENT}/assets`)
    .filter((name) => name.endsWith(ending))
    .map((name) => `assets/${name}`);
}
