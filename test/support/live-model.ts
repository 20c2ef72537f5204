import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fitLearner } from '../../models/training/learners/learners.ts';
import { encodeModel } from '../../models/training/model.ts';
import { type Model, readModelFolder } from '../../server/inference/model-folder.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { testModel } from './test-models.ts';

const SHIPPED = fileURLToPath(new URL('../../models/plasma', import.meta.url));
const LENGTH = 972;
const ROWS = ['min', 'max', 'mean'] as const;
const CLASSES = 7;
/** Of each class: the costs of a graph do not depend on what it learnt. */
const RUNS = 20;
const FEATURES = 2688;

/** The shipped model where there is one, else one of the size of a live one that learnt noise. */
export async function liveModel(): Promise<Model> {
  if (!existsSync(SHIPPED)) return fitToNoise();
  const { model, findings } = await readModelFolder(SHIPPED);
  if (model === undefined) throw new Error(JSON.stringify(findings));
  return model;
}

async function fitToNoise(): Promise<Model> {
  const random = new Random('live model');
  const runs = RUNS * CLASSES;
  const noise = {
    values: Float32Array.from({ length: runs * ROWS.length * LENGTH }, () => random.normal()),
    runs,
    rows: ROWS.length,
    length: LENGTH,
    labels: Int32Array.from({ length: runs }, (_, run) => run % CLASSES),
    classes: CLASSES,
    weights: new Float64Array(CLASSES).fill(1),
  };
  const learned = await fitLearner(
    { kind: 'rocket', features: FEATURES, pooling: 'ppv', head: { kind: 'ridge' } },
    noise,
    random,
  );
  const bytes = encodeModel(
    {
      scaling: { kind: 'none' },
      learned,
      calibration: { slope: 1, offsets: new Float32Array(CLASSES) },
      weights: new Array<number>(CLASSES).fill(1),
      unknown: { kind: 'energy' },
      rows: ROWS.length,
      length: LENGTH,
    },
    'bench',
  );
  const name = (text: string) => ({ en: text, ko: text });
  return testModel(bytes, {
    input: { rows: ROWS, length: LENGTH, pointsPerSecond: 200, unit: '', alignment: { kind: 'sliding', hop: 100 } },
    classes: Array.from({ length: CLASSES }, (_, i) => {
      return { label: `${i}`, name: name(`${i}`), severity: 'normal', symbol: 'circle' };
    }),
  });
}
