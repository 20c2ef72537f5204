import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import config from '../../vitest.config.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('has every test with a larger count: what `npm run soak` and `npm run bench` do not run, never counts so far', () => {
  const inFull = [...globsOf('unit'), ...globsOf('soak'), ...globsOf('bench')].map(toPattern);
  const counting = readdirSync(`${ROOT}test`, { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path}`)
    .filter((path) => /\.(?:test|soak|bench|shots)\.ts$/.test(path))
    .filter((path) => readFileSync(ROOT + path, 'utf8').includes("/support/runs.ts'"));

  expect(counting.length).toBeGreaterThan(0);
  expect(counting.filter((path) => !inFull.some((pattern) => pattern.test(path)))).toEqual([]);
});

function globsOf(name: string): readonly string[] {
  const projects = (config.test?.projects ?? []) as { test: { name: string; include: string[] } }[];
  return projects.filter(({ test }) => test.name === name).flatMap(({ test }) => test.include);
}

/** Of the globs that the configuration uses: `**`, `*` and one of several in braces. */
function toPattern(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*|\{[^}]*\})/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    if (part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').join('|')})`;
    return part.replaceAll('.', '\\.');
  });
  return new RegExp(`^${parts.join('')}$`);
}
