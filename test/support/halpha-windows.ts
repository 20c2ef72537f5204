import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Dataset, selectRuns } from '../../models/training/dataset.ts';
import type { LabelledRuns, Runs } from '../../models/training/learners/learner.ts';
import { HALPHA_FILE, readDischarges } from './halpha.ts';
import { DATA } from './tools.ts';

const WINDOW = 100;
/** Share of a window that one label must cover. */
const PURITY = 0.8;
const FOLDS = 5;

/**
 * Cuts each discharge into windows of 100 samples, end to end from its start,
 * and keeps the 607 that one label covers for at least 80 %. Groups are the
 * ranks of the discharges by number.
 */
export function readHalphaWindows(): Dataset {
  const discharges = readDischarges().toSorted((a, b) => Number(a.record) - Number(b.record));
  const windows = discharges.flatMap(({ samples, labels }, group) =>
    Array.from({ length: Math.floor(samples.length / WINDOW) }, (_, i) => {
      const counts = [0, 0, 0];
      for (const label of labels.subarray(i * WINDOW, (i + 1) * WINDOW)) counts[label]!++;
      const label = counts.indexOf(Math.max(...counts));
      return { group, label, count: counts[label]!, samples: samples.subarray(i * WINDOW, (i + 1) * WINDOW) };
    }),
  );
  const kept = windows.filter(({ count }) => count >= PURITY * WINDOW);
  return {
    values: Float32Array.from(kept.flatMap(({ samples }) => [...samples])),
    runs: kept.length,
    rows: 1,
    length: WINDOW,
    labels: Int32Array.from(kept, ({ label }) => label),
    classes: ['0', '1', '2'],
    groups: Int32Array.from(kept, ({ group }) => group),
    source: basename(HALPHA_FILE),
    sha256: createHash('sha256')
      .update(readFileSync(join(DATA, HALPHA_FILE)))
      .digest('hex'),
  };
}

/** Of each window the class that `classify` finds after it saw the other folds; a fold is a group's rank mod 5. */
export async function crossValidate(
  windows: Dataset,
  classify: (training: LabelledRuns, test: Runs) => Promise<Int32Array>,
): Promise<Int32Array> {
  const all = Array.from({ length: windows.runs }, (_, i) => i);
  const found = new Int32Array(windows.runs);
  for (let fold = 0; fold < FOLDS; fold++) {
    const inside = all.filter((i) => windows.groups![i]! % FOLDS === fold);
    const outside = all.filter((i) => windows.groups![i]! % FOLDS !== fold);
    const classes = windows.classes.length;
    const training = {
      ...selectRuns(windows, Int32Array.from(outside)),
      classes,
      weights: new Float64Array(classes).fill(1),
    };
    const answers = await classify(training, selectRuns(windows, Int32Array.from(inside)));
    inside.forEach((i, at) => {
      found[i] = answers[at]!;
    });
  }
  return found;
}
