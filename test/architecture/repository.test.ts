import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REGISTRY = 'https://registry.npmjs.org/';

interface Lock {
  readonly packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('lock file', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  it('names no address but the public registry', () => {
    const foreign = packages.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith(REGISTRY));

    expect(foreign).toEqual([]);
  });

  it('knows the packages of other systems too, without which `npm ci` refuses on every system', () => {
    const named = packages.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));

    expect(named.filter((name) => !packages.some(([path]) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
  });

  it('pins every package by its hash', () => {
    expect(packages.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
  });
});

describe.skipIf(!existsSync(join(ROOT, '.git')))('files under version control', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((name) => name !== '' && existsSync(join(ROOT, name)));

  it('name no path of the machine they were written on', () => {
    const paths = [ROOT, homedir()].filter((path) => path.length > 5).map((path) => Buffer.from(path));

    const telling = files.filter((name) => {
      const bytes = readFileSync(join(ROOT, name));
      return paths.some((path) => bytes.includes(path));
    });

    expect(telling).toEqual([]);
  });

  it('link only to files that are there', () => {
    const broken = files
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) => linksOf(name).map((link) => [name, join(dirname(name), link)] as const))
      .filter(([, target]) => !existsSync(join(ROOT, target)));

    expect(broken).toEqual([]);
  });

  it('hold nothing that is generated', () => {
    expect(files.filter((name) => /^(?:build|node_modules)\//.test(name))).toEqual([]);
  });
});

// Relative links and pictures, without the heading they may name.
function linksOf(name: string): string[] {
  return [...readFileSync(join(ROOT, name), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!.split('#')[0]!)
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
}
