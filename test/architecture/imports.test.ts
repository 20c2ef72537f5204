import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NODE = 'node'; // any of Node's own modules
const SERVER_ROOTS = [
  'pipeline',
  'app',
  'main',
  'config',
  'notify-settings',
  'load-config',
  'threads',
  'kept-past',
  'installed-files',
  'stream-worker',
  'stream-thread',
  'stream-messages',
  'history-worker',
  'history-thread',
  'capture-worker',
  'capture-thread',
  'inference-worker',
  'inference-thread',
  'diagnosis',
  'diagnosis-messages',
  'alarm-stage',
  'stage-problems',
].map((name) => `server/${name}.ts`);
const SETTINGS = 'server/config.ts'; // for types only, so that a stage can say which settings it takes
const EXPRESS = ['express', 'compression', 'helmet', 'express-rate-limit'];

// folder: [folders it may import, packages it may name]. Itself always; all
// else never. Folders that do not exist yet have their rule already. A new
// row, or a new package in a row, needs a decision in ARCHITECTURE.md.
// biome-ignore format: a table
const RULES: Record<string, [folders: string[], packages: string[]]> = {
  'assembly':            [[], []],

  'server/wire':         [[], ['zod']],
  'server/kernels':      [[], []],
  'server/base':         [[], [NODE, 'pino']],
  'server/trend':        [[], []],
  'server/model':        [['server/base/newest-times.ts', 'server/wire', 'server/trend'], ['onnxruntime-web', 'zod']],
  'server/sigmf':        [['server/base'], [NODE, 'zod']],
  'server/durable':      [['server/base'], [NODE, 'zod']],
  'server/ingest':       [['server/base', 'server/wire', 'server/trend', 'server/sigmf'], [NODE, 'csv-parse']],
  'server/compute':      [['server/base', 'server/wire', 'server/trend', 'server/kernels'], [NODE]],
  'server/capture':      [[SETTINGS, 'server/base', 'server/wire', 'server/trend', 'server/kernels', 'server/sigmf'], [NODE, 'zod']],
  'server/history':      [[SETTINGS, 'server/base', 'server/trend', 'server/kernels'], [NODE, '@duckdb/node-api', '@duckdb/node-bindings', 'apache-arrow', 'zod']],
  'server/alarms':       [['server/base', 'server/wire', 'server/trend', 'server/durable'], [NODE, 'smol-toml', 'zod']],
  'server/boards':       [['server/base', 'server/wire', 'server/durable'], []],
  'server/notify':       [[SETTINGS, 'server/base', 'server/wire', 'server/durable'], [NODE, 'http_ece', 'mqtt', 'nodemailer']],
  'server/inference':    [['server/base', 'server/trend', 'server/model'], [NODE, 'zod']],
  'server/climate':      [['server/base'], [NODE, 'zod']],
  'server/condensation': [['server/base', 'server/durable', 'server/climate', 'server/model', 'server/inference'], [NODE, 'zod']],
  'server/hub':          [[SETTINGS, 'server/base', 'server/wire', 'server/trend'], [NODE, 'ws']],
  'server/http':         [['server/base', 'server/wire', 'server/trend'], [NODE, ...EXPRESS, 'apache-arrow', 'prom-client', 'zod']],

  'models/training':     [['server/base', 'server/trend', 'server/kernels', 'server/compute', 'server/ingest/simulator', 'server/model', 'server/inference'], [NODE, '@duckdb/node-api', 'csv-parse', 'libsvm-js', 'onnx-proto', 'onnxruntime-web', 'zod']],

  'client/net':          [['server/wire'], ['apache-arrow']],
  'client/store':        [['server/wire', 'server/kernels'], ['lit']],
  'client/charts':       [['server/wire', 'server/kernels'], ['lit', 'echarts']],
  'client/waveform':     [['client/charts', 'client/net', 'client/store', 'client/styles', 'server/wire', 'server/kernels'], ['lit']],
  'client/inference':    [['server/wire', 'server/trend', 'server/model'], ['onnxruntime-web']],
  'client/locale':       [[], []],
  'client/styles':       [[], ['lit']],
  'client/components':   [['client', 'server/wire'], ['lit']],
  'client/pages':        [['client', 'server/wire'], ['lit']],
};

// from '...', import '...' and import('...')
const IMPORT = /\b(?:from|import)\s*\(?\s*(?:'([^'\n]+)'|"([^"\n]+)")/g;

describe('imports', () => {
  it.each(Object.entries(RULES))('%s imports only what it may', (folder, [folders, packages]) => {
    const broken = sources(folder).flatMap((file) =>
      importsOf(file)
        .filter((target) => !isAllowed(target, folder, folders, packages))
        .map((target) => `${file} -> ${target}`),
    );

    expect(broken).toEqual([]);
  });

  it('finds a rule for every folder that holds code', () => {
    const folders = ['server', 'client'].flatMap((top) => folderNames(top).map((name) => `${top}/${name}`));

    const unruled = folders.filter((folder) => sources(folder).length > 0 && !(folder in RULES));

    expect(unruled).toEqual(['server/cli']); // which may import everything
  });

  it('keeps the files that may import everything few', () => {
    const roots = readdirSync(join(ROOT, 'server')).filter((name) => name.endsWith('.ts'));

    expect(roots.map((name) => `server/${name}`).filter((name) => !SERVER_ROOTS.includes(name))).toEqual([]);
  });

  it('lets nothing but a composition root import the edge or the command line', () => {
    const broken = sources('server')
      .filter((file) => !SERVER_ROOTS.includes(file))
      .flatMap((file) => importsOf(file).map((target) => [file, target] as const))
      .filter(([file, target]) =>
        ['server/http', 'server/hub', 'server/cli'].some((edge) => isIn(target, edge) && !isIn(file, edge)),
      )
      .filter(([file]) => !isIn(file, 'server/cli'));

    expect(broken).toEqual([]);
  });

  it('lets a stage take the types of its settings and nothing else of them', () => {
    const broken = sources('server')
      .filter((file) => !SERVER_ROOTS.includes(file) && !isIn(file, 'server/cli'))
      .filter((file) => importsOf(file).includes(SETTINGS))
      .filter((file) => !/import type [^;]*config\.ts'/.test(read(file)));

    expect(broken).toEqual([]);
  });

  it('has no cycle, not even for types', () => {
    const files = ['server', 'client', 'assembly', 'models'].flatMap(sources);
    const graph = new Map(files.map((file) => [file, importsOf(file)]));

    expect(files.flatMap((file) => findCycle(graph, file) ?? [])).toEqual([]);
  });

  it('names the package it lets through exactly', () => {
    expect(isAllowed('zod-other', 'server/wire', [], ['zod'])).toBe(false);
    expect(isAllowed('zod/mini', 'server/wire', [], ['zod'])).toBe(true);
    expect(isAllowed('node:fs', 'server/wire', [], ['zod'])).toBe(false);
    expect(isAllowed('server/hub/hub.ts', 'server/ingest', ['server/base'], [NODE])).toBe(false);
  });
});

describe('files', () => {
  const files = ['assembly', 'server', 'client', 'models', 'test'].flatMap(sources);

  it('are no barrels', () => {
    expect(files.filter((file) => basename(file) === 'index.ts')).toEqual(['assembly/index.ts']); // the module's exports
  });

  it('have at most 300 lines, or say in their first comment why more', () => {
    const long = files.filter((file) => lines(file).length > 300 && !/\b300 lines\b/.test(firstComment(file)));

    expect(long).toEqual([]);
  });

  it('are named in kebab-case', () => {
    expect(files.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(basename(file)))).toEqual([]);
  });

  it('leave no test alone or undone', () => {
    const disabled = files.filter((file) => /\b(?:it|describe|test)\.(?:only|todo)\(/.test(read(file)));

    expect(disabled).toEqual([]);
  });
});

function isAllowed(target: string, folder: string, folders: readonly string[], packages: readonly string[]): boolean {
  if (isBuiltin(target)) return packages.includes(NODE);
  return [folder, ...folders, ...packages].some((may) => isIn(target, may));
}

function isIn(target: string, folder: string): boolean {
  return target === folder || target.startsWith(`${folder}/`);
}

function findCycle(graph: ReadonlyMap<string, readonly string[]>, start: string): string | undefined {
  const paths = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const next of graph.get(path[path.length - 1]!) ?? []) {
      if (next === start) return [...path, start].join(' -> ');
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}

function importsOf(file: string): string[] {
  return [...read(file).matchAll(IMPORT)].map(([, single, double]) => resolve(file, (single ?? double)!));
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = posix(normalize(join(dirname(from), specifier))).replace(/\?\w+$/, '');
  return existsSync(join(ROOT, `${path}.ts`)) ? `${path}.ts` : path; // assembly leaves the ending out
}

function sources(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix(join(folder, name)));
}

function folderNames(top: string): string[] {
  return readdirSync(join(ROOT, top), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function lines(file: string): string[] {
  return read(file).trimEnd().split('\n');
}

function firstComment(file: string): string {
  return /^(?:\/\/.*\n)+|\/\*\*?[\s\S]*?\*\//.exec(read(file))?.[0] ?? '';
}

function posix(path: string): string {
  return path.split(sep).join('/');
}
