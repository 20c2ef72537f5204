import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// What each thread of the server loads before it is ready: a start is mostly
// that. A package that only some request or command needs is imported there.
// biome-ignore format: a table
const THREADS: readonly [thread: string, files: readonly string[], packages: readonly string[]][] = [
  ['people\'s', ['server/cli/fenestra.ts', 'server/cli/serve.ts', 'server/main.ts', 'server/hub/hub.ts', 'server/http/http-app.ts'],
    ['commander', 'compression', 'express', 'express-rate-limit', 'helmet', 'pino', 'smol-toml', 'ws', 'zod']],
  ['history\'s', ['server/history-worker.ts'], ['@duckdb/node-api', '@duckdb/node-bindings', 'pino']],
  ['recordings\'', ['server/capture-worker.ts'], ['pino', 'zod']],
  ['models\'', ['server/inference-worker.ts'], ['onnxruntime-web/wasm']],
  ['sensors\'', ['server/stream-worker.ts'], ['pino']],
];

// They look for native code and for WebAssembly beside them.
const LEFT_OUT = ['@duckdb/node-bindings', 'onnxruntime-web/wasm'];

// Whole statements: `import type` leaves nothing behind, and `import(` waits for its time.
const STATIC_IMPORT = /^(?:import|export)(?! type\b)(?:[^;'(=]*\bfrom)? '([^']+)';/gm;

// Static ones stand at the start of a line; what waits for its time is a file of the thread's own, too.
const BUILT_IMPORT = /(?:^(?:import|export)(?: [^;'"(]*from)? |\bimport\()["'`]([^"'`]+)["'`]/gm;

describe('the start', () => {
  it.each(THREADS)('of the %s thread loads only what it needs', (_thread, files, packages) => {
    expect([...packagesOf(files)].sort()).toEqual(packages);
  });

  it.each(['stream-worker', 'history-worker', 'capture-worker', 'inference-worker'])(
    'of %s loads one file of the build',
    (thread) => {
      const built = readFileSync(join(ROOT, 'build/program', `${thread}.js`), 'utf8');

      const loaded = [...built.matchAll(BUILT_IMPORT)].map(([, target]) => target!);

      expect(loaded.filter((target) => !isBuiltin(target) && !LEFT_OUT.includes(target))).toEqual([]);
    },
  );
});

/** The packages behind the static imports of files, and of all that those import. */
function packagesOf(files: readonly string[]): Set<string> {
  const packages = new Set<string>();
  const seen = new Set(files);
  for (const file of seen) {
    for (const [, target] of readFileSync(join(ROOT, file), 'utf8').matchAll(STATIC_IMPORT)) {
      if (target.startsWith('.')) seen.add(normalize(join(dirname(file), target)));
      else if (!isBuiltin(target)) packages.add(target);
    }
  }
  return packages;
}
