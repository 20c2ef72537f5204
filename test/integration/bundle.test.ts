import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';

const CLIENT = fileURLToPath(new URL('../../build/client', import.meta.url));

// A transform that is set up wrongly ships syntax that the browser refuses,
// such as raw decorators, and no step of the build says so.
describe('the built dashboard', () => {
  const scripts = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));

  it('has scripts', () => {
    expect(scripts.length).toBeGreaterThan(0);
  });

  it.each(scripts)('parses: %s', (name) => {
    expect(() => parseAst(readFileSync(join(CLIENT, name), 'utf8'))).not.toThrow();
  });

  it.each(scripts)('has no syntax in %s that only a compiler knows', (name) => {
    const source = readFileSync(join(CLIENT, name), 'utf8');

    expect(decorators(parseAst(source))).toEqual([]);
  });

  it('is told apart from a script with raw decorators', () => {
    expect(decorators(parseAst('@a class B { @c() d = 1; }', { lang: 'ts' }))).toHaveLength(2);
    expect(() => parseAst('class B { d: number = 1; }')).toThrow();
  });

  it('names its files by absolute paths, since the page is served at several', () => {
    const page = readFileSync(join(CLIENT, 'index.html'), 'utf8');

    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);

    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !link.startsWith('/'))).toEqual([]);
  });
});

/** Where decorators stand in a syntax tree. */
function decorators(node: unknown): number[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(decorators);
  return 'type' in node && node.type === 'Decorator' && 'start' in node ? [Number(node.start), ...below] : below;
}
