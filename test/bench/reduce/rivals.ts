import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RawSummary, ReduceKernel } from '../../../server/kernels/reduce-kernel.ts';
import { defaultFullScale, type SampleType } from '../../../server/kernels/sample-type.ts';
import { bytesOf, loadKernels, type SampleArray } from '../../support/kernels.ts';
import { hasPythonModule, hasTool } from '../../support/tools.ts';
import { plainReduce } from './plain-reduce.ts';

/** One window to reduce, and where it lies as a file. */
export interface Workload {
  readonly name: string;
  readonly type: SampleType;
  readonly samples: SampleArray;
}

/** The figures of a window and the time of the fastest of one round's reductions. */
export interface Measured {
  readonly figures: RawSummary;
  readonly ns: number;
}

/** One round of one way to reduce a workload. */
export type Round = () => Measured;

export interface Rival {
  readonly name: string;
  prepare(workload: Workload): Round;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WINDOWS = 200;
const DTYPES = { i8: '<i1', u8: '<u1', i16: '<i2', u16: '<u2', i32: '<i4', f32: '<f4', f64: '<f8' } as const;

/** Everything that this machine can race; `skipped` says what it cannot and why. */
export async function findRivals(): Promise<{ rivals: Rival[]; skipped: string[]; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'fenestra-bench-'));
  const rivals: Rival[] = [await simdWasm(), plainJs(), await scalarWasm(folder)];
  const skipped: string[] = [];

  if (hasTool('gcc')) rivals.push(compiledC(folder, '-msse4.1'), compiledC(folder, '-march=native'));
  else skipped.push('C: no gcc');
  if (hasPythonModule('numpy')) rivals.push(numpy(folder));
  else skipped.push('numpy: not installed');
  return { rivals, skipped, close: () => rmSync(folder, { recursive: true }) };
}

async function simdWasm(): Promise<Rival> {
  const module = await loadKernels();
  return {
    name: 'simd wasm',
    prepare({ type, samples }) {
      const kernel = new ReduceKernel(module, { type, stagingBytes: samples.byteLength });
      kernel.staging.set(bytesOf(samples));
      return timed(() => {
        kernel.fold(0, samples.length);
        return kernel.finish();
      });
    },
  };
}

function plainJs(): Rival {
  return {
    name: 'plain js',
    prepare({ name, type, samples }) {
      const reduce = plainReduce(name, type.startsWith('i') || type.startsWith('u'));
      const [low, high] = defaultFullScale(type);
      // Short windows first: the engine then compiles the whole function, well
      // informed, and not a loop that it entered while still guessing.
      for (let i = 0; i < 5_000; i++) reduce(samples.subarray(i, i + 40), low, high);
      return timed(() => reduce(samples, low, high));
    },
  };
}

async function scalarWasm(folder: string): Promise<Rival> {
  const path = join(folder, 'scalar.wasm');
  const flags = ['-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--initialMemory', '16'];
  const asc = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
  execFileSync(process.execPath, [asc, join(HERE, 'scalar-reduce.ts'), ...flags, '-o', path], { stdio: 'pipe' });
  const module = await WebAssembly.compile(readFileSync(path));

  return {
    name: 'scalar wasm',
    prepare({ type, samples }) {
      const memory = new WebAssembly.Memory({ initial: 16 });
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      const reduce = exports[`reduce${type.toUpperCase()}`] as (...args: number[]) => void;
      const [low, high] = defaultFullScale(type);
      const figures = new Float64Array(memory.buffer, 1024, 7);
      new Uint8Array(memory.buffer, 2048).set(bytesOf(samples));
      return timed(() => {
        reduce(2048, samples.length, low, high, 1024);
        return toSummary([...figures]);
      });
    },
  };
}

function compiledC(folder: string, target: string): Rival {
  const program = join(folder, `reduce${target}`);
  execFileSync('gcc', ['-O3', target, join(HERE, 'reduce.c'), '-o', program]);
  return { name: `c ${target}`, prepare: (workload) => command(folder, workload, [program], workload.type) };
}

function numpy(folder: string): Rival {
  const script = ['python3', join(HERE, 'reduce.py')];
  return { name: 'numpy', prepare: (workload) => command(folder, workload, script, DTYPES[workload.type]) };
}

/** A program that reduces a file and prints seven figures and its best time. */
function command(folder: string, { samples, type }: Workload, [program, ...first]: string[], format: string): Round {
  const file = join(folder, `${type}.samples`);
  const limits = defaultFullScale(type).map((limit) => String(limit).replace('Infinity', 'inf'));
  const args = [...first, format, file, ...limits, String(WINDOWS)];
  return () => {
    writeFileSync(file, bytesOf(samples));
    const line = execFileSync(program, args, { encoding: 'utf8' });
    const values = JSON.parse(line.replaceAll('-inf', '-1e999').replaceAll(/\binf/g, '1e999')) as number[];
    return { figures: toSummary(values), ns: values[7] };
  };
}

function timed(reduce: () => RawSummary): Round {
  return () => {
    let ns = Infinity;
    let figures = reduce();
    for (let i = 0; i < WINDOWS; i++) {
      const start = performance.now();
      figures = reduce();
      ns = Math.min(ns, (performance.now() - start) * 1e6);
    }
    return { figures, ns };
  };
}

function toSummary([count, min, max, mean, m2, clipped, nonfinite]: readonly number[]): RawSummary {
  return { count, min, max, mean, m2, clipped, nonfinite };
}
