import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AppError } from '../../../server/base/errors.ts';
import type { Alignment, RunClass } from '../../../server/model/manifest.ts';
import { classesOfLabels, PLASMA_CLASSES } from '../classes.ts';
import { type Dataset, dropEmptyClasses } from '../dataset.ts';
import { PLASMA_ALIGNMENTS, POINTS_PER_SECOND, RUN_POINTS } from '../plasma/input.ts';
import { isUcr, readDataset } from './read-dataset.ts';
import { metaPath, RunsMeta } from './runs-meta.ts';

/** What a person says of runs; what lies beside the table must not say otherwise. */
export interface SaidOfRuns {
  /** Points of a run in a table. */
  readonly length?: number;
  readonly pointsPerSecond?: number;
  readonly unit?: string;
  readonly alignment?: Alignment;
  readonly classes?: 'plasma' | 'labels';
  readonly group?: string;
}

/** What is known of the channels that runs come from, and of their classes. */
export interface Described {
  /** Those that there are runs of. */
  readonly classes: readonly RunClass[];
  readonly pointsPerSecond: number;
  readonly unit: string;
  readonly alignment: Alignment;
  /** Simulated, not measured. */
  readonly isGenerated: boolean;
}

export interface DescribedRuns {
  readonly data: Dataset;
  readonly described: Described;
}

/** Of the source table, and of channels of which nobody says otherwise. */
const DEFAULTS = {
  length: RUN_POINTS,
  pointsPerSecond: POINTS_PER_SECOND,
  unit: '',
  alignment: PLASMA_ALIGNMENTS.sliding,
} as const satisfies SaidOfRuns;
type InputField = keyof typeof DEFAULTS;

/**
 * Reads labelled runs with what their table does not say of itself: from the
 * file beside it, where there is one, else as it is said, else as in the
 * source table. Throws `FILE_INVALID`, and `REQUEST_INVALID` where the two
 * contradict each other.
 */
export async function readRuns(path: string, said: SaidOfRuns): Promise<DescribedRuns> {
  const meta = await readMeta(path);
  const told = <K extends InputField>(field: K): NonNullable<SaidOfRuns[K]> => {
    const value = (said[field] ?? meta?.input[field] ?? DEFAULTS[field]) as NonNullable<SaidOfRuns[K]>;
    refuseContradiction(path, meta, field, value);
    return value;
  };
  if (meta?.classes !== undefined && said.classes !== undefined) {
    throw new AppError('REQUEST_INVALID', `${metaPath(basename(path))} says what the classes are; leave --classes out`);
  }
  const isPlasma = (said.classes ?? (isUcr(path) ? 'labels' : 'plasma')) === 'plasma';
  const known = meta?.classes ?? (isPlasma ? PLASMA_CLASSES : undefined);
  const options = { length: told('length'), group: said.group, classes: known?.map(({ label }) => label) };
  const data = dropEmptyClasses(await readDataset(path, options));
  refuseOther(data, meta);
  const classes = known?.filter(({ label }) => data.classes.includes(label)) ?? classesOfLabels(data.classes);
  refuseNoNormal(data, classes);
  return {
    data,
    described: {
      classes,
      pointsPerSecond: told('pointsPerSecond'),
      unit: told('unit'),
      alignment: told('alignment'),
      isGenerated: meta?.source.kind === 'plasma',
    },
  };
}

/**
 * Reads runs to test what is trained on `train`, labels as there. Throws as
 * `readRuns`, and where they are the same file.
 */
export async function readTestRuns(path: string, { data, described }: DescribedRuns, group?: string): Promise<Dataset> {
  const { length, classes, sha256, source } = data;
  const meta = await readMeta(path);
  for (const [field, value] of Object.entries({ ...described, length })) {
    if (isInputField(field)) refuseContradiction(path, meta, field, value);
  }
  const test = await readDataset(path, { length, classes, group });
  refuseOther(test, meta);
  if (test.sha256 === sha256) {
    throw new AppError('REQUEST_INVALID', `${path} holds the same runs as ${source}, expected others to test with`);
  }
  return test;
}

function isInputField(field: string): field is InputField {
  return field in DEFAULTS;
}

function refuseContradiction(path: string, meta: RunsMeta | undefined, field: InputField, value: unknown): void {
  if (meta === undefined || isDeepStrictEqual(value, meta.input[field])) return;
  const [found, expected] = [value, meta.input[field]].map((one) => JSON.stringify(one));
  throw new AppError(
    'REQUEST_INVALID',
    `${field} ${found} contradicts ${metaPath(basename(path))}, which says ${expected}`,
  );
}

async function readMeta(path: string): Promise<RunsMeta | undefined> {
  const beside = metaPath(path);
  if (!existsSync(beside)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(await readFile(beside, 'utf8'));
  } catch (cause) {
    throw new AppError('FILE_INVALID', `${beside} is no JSON: ${(cause as Error).message}`, { cause });
  }
  const meta = RunsMeta.safeParse(content);
  if (meta.success) return meta.data;
  throw new AppError('FILE_INVALID', `${beside} does not describe runs: ${z.prettifyError(meta.error)}`);
}

// Of runs from a history people remove those that they do not label.
function refuseOther({ runs, rows, source }: Dataset, meta: RunsMeta | undefined): void {
  if (meta === undefined) return;
  const isWhole = meta.source.kind === 'history' ? runs <= meta.runs : runs === meta.runs;
  if (isWhole && meta.input.rows.length === rows) return;
  throw new AppError(
    'FILE_INVALID',
    `${source} has ${runs} runs of ${rows} rows, expected ${meta.runs} of ${meta.input.rows.length}, as ${metaPath(source)} says`,
  );
}

// A model says of its first class that it is normal, of those that there are runs of.
function refuseNoNormal({ source }: Dataset, [first]: readonly RunClass[]): void {
  if (first === undefined || first.severity === 'normal') return;
  const { label, name, severity } = first;
  throw new AppError(
    'FILE_INVALID',
    `the first class of ${source}, ${label} ${name.en}, is of severity ${severity}, expected runs of one that is normal first`,
  );
}
