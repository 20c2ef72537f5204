// Puts the program together, a file for each of its threads: a start is mostly
// the loading of modules, and one large file loads several times faster than
// hundreds of small ones. What a command or a request loads later is a file of
// its own. Names stay, so that a stack trace can be read; maps lie beside.

import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const SERVER = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../build/program', import.meta.url));
const THREADS = [
  'cli/fenestra.ts',
  'stream-worker.ts',
  'history-worker.ts',
  'capture-worker.ts',
  '../models/training/fit-worker.ts',
  '../models/training/plasma/generate-worker.ts',
  'inference-worker.ts',
];

rmSync(PROGRAM, { recursive: true, force: true });
for (const thread of THREADS) await bundle(join(SERVER, thread));
chmodSync(join(PROGRAM, 'fenestra.js'), 0o755);

async function bundle(file) {
  await build({
    configFile: false,
    root: SERVER,
    logLevel: 'warn',
    build: {
      ssr: file,
      outDir: PROGRAM,
      emptyOutDir: false, // the other threads' files
      target: 'node20',
      sourcemap: true,
      rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' } },
    },
    // DuckDB's bindings are native code; ONNX Runtime and libsvm look for their WebAssembly beside them; Arrow sets itself up for Node in a module that says it does nothing.
    ssr: { noExternal: true, external: ['@duckdb/node-bindings', 'apache-arrow', 'onnxruntime-web', 'libsvm-js'] },
  });
}
