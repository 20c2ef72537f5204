import { join } from 'node:path';
import type { z } from 'zod';
import type { ModelManifest } from '../model/manifest.ts';
import { shown } from './finding.ts';
import { ModelExamples } from './model-examples.ts';
import { readWholeFile } from './model-folder.ts';
import { ModelReport } from './model-report.ts';
import { parseJson } from './parse-json.ts';

// What lies beside a model for people to see. People bring folders of their
// own: what is missing, too long or about another model is not shown.

export const CARD_FILE = 'card.md';
export const KOREAN_CARD_FILE = 'card.ko.md';
export const REPORT_FILE = 'report.json';
export const EXAMPLES_FILE = 'examples.json';
const CARD_BYTES_LIMIT = 256 << 10;
const REPORT_BYTES_LIMIT = 4 << 20;
const EXAMPLES_BYTES_LIMIT = 4 << 20;

/** A file beside a model: what it holds, or every problem of it, or neither where it is not there. */
export interface Paper<T> {
  readonly content?: T;
  readonly problems: readonly string[];
}

/** That a card may be written in. */
export type CardLanguage = 'en' | 'ko';

/** The report of the model with this manifest. */
export async function readReport(folder: string, manifest: ModelManifest): Promise<Paper<ModelReport>> {
  const report = await readJson(folder, REPORT_FILE, REPORT_BYTES_LIMIT, ModelReport);
  return checked(report, (content) => reportProblems(content, manifest));
}

/** The card in Markdown, as that file has it. */
export function readCardFile(folder: string, name: string): Promise<Paper<string>> {
  return readText(folder, name, CARD_BYTES_LIMIT);
}

/** The card in that language, else in the one that there is. */
export async function readCard(folder: string, language: CardLanguage): Promise<Paper<string>> {
  const own = language === 'ko' ? await readCardFile(folder, KOREAN_CARD_FILE) : undefined;
  return own?.content === undefined ? readCardFile(folder, CARD_FILE) : own;
}

/** Examples of the classes of the model with this manifest. */
export async function readExamples(folder: string, manifest: ModelManifest): Promise<Paper<ModelExamples>> {
  const examples = await readJson(folder, EXAMPLES_FILE, EXAMPLES_BYTES_LIMIT, ModelExamples);
  return checked(examples, (content) => examplesProblems(content, manifest));
}

function reportProblems({ name, version, test, comparison }: ModelReport, manifest: ModelManifest): string[] {
  const { length } = manifest.classes;
  const odd = test.confusion.findIndex((row) => row.length !== length);
  return [
    ...differs('name', name, manifest.name),
    ...differs('version', version, manifest.version),
    ...otherLabels('test.classes', test.classes, manifest),
    ...differs('rows of test.confusion', test.confusion.length, length),
    ...(odd === -1 ? [] : differs(`columns of test.confusion.${odd}`, test.confusion[odd]!.length, length)),
    ...(comparison.best < comparison.candidates.length
      ? []
      : [
          `comparison.best: found ${comparison.best}; expected less than the ${comparison.candidates.length} candidates`,
        ]),
  ];
}

function examplesProblems({ rows, length, classes }: ModelExamples, { input, ...manifest }: ModelManifest): string[] {
  const points = input.rows.length * input.length;
  return [
    ...differs('rows', rows, input.rows.length),
    ...differs('length', length, input.length),
    ...otherLabels('classes', classes, manifest),
    ...classes.flatMap(({ runs }, one) => {
      const cut = runs.findIndex((run) => run.length !== points);
      return cut === -1 ? [] : differs(`points of classes.${one}.runs.${cut}`, runs[cut]!.length, points);
    }),
  ];
}

function otherLabels(where: string, classes: readonly Labelled[], manifest: Pick<ModelManifest, 'classes'>): string[] {
  const [found, expected] = [classes, manifest.classes].map((all) => all.map(({ label }) => label));
  return JSON.stringify(found) === JSON.stringify(expected) ? [] : differs(`labels of ${where}`, found, expected);
}

interface Labelled {
  readonly label: string;
}

function differs(what: string, found: unknown, expected: unknown): string[] {
  return found === expected
    ? []
    : [`${what}: found ${shown(found)}; expected ${shown(expected)}, as the manifest says`];
}

function checked<T>(paper: Paper<T>, problemsOf: (content: T) => readonly string[]): Paper<T> {
  if (paper.content === undefined) return paper;
  const problems = problemsOf(paper.content);
  return problems.length === 0 ? paper : { problems };
}

async function readJson<T>(folder: string, file: string, limit: number, schema: z.ZodType<T>): Promise<Paper<T>> {
  const { content, problems } = await readText(folder, file, limit);
  if (content === undefined) return { problems };
  const parsed = parseJson(file, content, schema);
  return 'content' in parsed ? { content: parsed.content, problems } : parsed;
}

async function readText(folder: string, name: string, limitBytes: number): Promise<Paper<string>> {
  const file = await readWholeFile(join(folder, name), limitBytes);
  if (file.kind === 'unread') return { problems: file.isAbsent ? [] : [file.problem] };
  return { content: Buffer.from(file.bytes).toString('utf8'), problems: [] };
}
