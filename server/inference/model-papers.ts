import { join } from 'node:path';
import type { z } from 'zod';
import type { ModelManifest } from '../model/manifest.ts';
import { ModelExamples } from './model-examples.ts';
import { readWholeFile } from './model-folder.ts';
import { ModelReport } from './model-report.ts';

// What lies beside a model for people to see. People bring folders of their
// own: what is missing, too long or about another model is not there.

const CARD_FILE = 'card.md';
const KOREAN_CARD_FILE = 'card.ko.md';
const REPORT_FILE = 'report.json';
const EXAMPLES_FILE = 'examples.json';
const CARD_BYTES_LIMIT = 256 << 10;
const REPORT_BYTES_LIMIT = 4 << 20;
const EXAMPLES_BYTES_LIMIT = 4 << 20;

/** That a card may be written in. */
export type CardLanguage = 'en' | 'ko';

/** The report of the model with this manifest. */
export async function readReport(folder: string, manifest: ModelManifest): Promise<ModelReport | undefined> {
  const report = await readJson(join(folder, REPORT_FILE), REPORT_BYTES_LIMIT, ModelReport);
  return report !== undefined && isOf(report, manifest) ? report : undefined;
}

/** The card, in Markdown: in that language, else in the one that there is. */
export async function readCard(folder: string, language: CardLanguage): Promise<string | undefined> {
  const own = language === 'ko' ? await readText(join(folder, KOREAN_CARD_FILE), CARD_BYTES_LIMIT) : undefined;
  return own ?? readText(join(folder, CARD_FILE), CARD_BYTES_LIMIT);
}

/** Examples of the classes of the model with this manifest. */
export async function readExamples(folder: string, manifest: ModelManifest): Promise<ModelExamples | undefined> {
  const examples = await readJson(join(folder, EXAMPLES_FILE), EXAMPLES_BYTES_LIMIT, ModelExamples);
  if (examples === undefined) return undefined;
  const { rows, length } = manifest.input;
  const points = rows.length * length;
  const isWhole = examples.classes.every(({ runs }) => runs.every((run) => run.length === points));
  const isSame = examples.rows === rows.length && examples.length === length && hasLabels(examples.classes, manifest);
  return isWhole && isSame ? examples : undefined;
}

function isOf({ name, version, test, comparison }: ModelReport, manifest: ModelManifest): boolean {
  const isSquare = test.confusion.every((row) => row.length === manifest.classes.length);
  return (
    name === manifest.name &&
    version === manifest.version &&
    hasLabels(test.classes, manifest) &&
    test.confusion.length === manifest.classes.length &&
    isSquare &&
    comparison.best < comparison.candidates.length
  );
}

function hasLabels(classes: readonly { readonly label: string }[], manifest: ModelManifest): boolean {
  return (
    classes.length === manifest.classes.length && classes.every(({ label }, i) => label === manifest.classes[i]!.label)
  );
}

async function readJson<T>(path: string, limitBytes: number, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readText(path, limitBytes);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // no JSON
  }
}

async function readText(path: string, limitBytes: number): Promise<string | undefined> {
  const file = await readWholeFile(path, limitBytes);
  return file.kind === 'read' ? Buffer.from(file.bytes).toString('utf8') : undefined;
}
