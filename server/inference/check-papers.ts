import type { ModelManifest } from '../model/manifest.ts';
import { type Finding, failed, noted, passed } from './finding.ts';
import {
  CARD_FILE,
  EXAMPLES_FILE,
  KOREAN_CARD_FILE,
  type Paper,
  REPORT_FILE,
  readCardFile,
  readExamples,
  readReport,
} from './model-papers.ts';

/** Of one file, in so many findings; a list of runs may be wrong in each of its numbers. */
const PROBLEMS_LIMIT = 10;

/** Checks what lies beside the model with this manifest for people to see. A card in Korean alone may lack without a word. */
export async function checkPapers(folder: string, manifest: ModelManifest): Promise<Finding[]> {
  const korean = await readCardFile(folder, KOREAN_CARD_FILE);
  return [
    ...findings('card', CARD_FILE, await readCardFile(folder, CARD_FILE)),
    ...(isAbsent(korean) ? [] : findings('card', KOREAN_CARD_FILE, korean)),
    ...findings('report', REPORT_FILE, await readReport(folder, manifest)),
    ...findings('examples', EXAMPLES_FILE, await readExamples(folder, manifest)),
  ];
}

function findings(check: string, file: string, paper: Paper<unknown>): Finding[] {
  const { content, problems } = paper;
  if (isAbsent(paper)) return [noted(check, `there is no ${file}, so people see none`)];
  if (content !== undefined) return [passed(check, `${file} can be shown`)];
  const shown = problems.slice(0, PROBLEMS_LIMIT).map((problem) => failed(check, inFile(file, problem)));
  const more = problems.length - shown.length;
  return more === 0 ? shown : [...shown, failed(check, `${file}: ${more} more fields are wrong`)];
}

function isAbsent({ content, problems }: Paper<unknown>): boolean {
  return content === undefined && problems.length === 0;
}

function inFile(file: string, problem: string): string {
  return problem.includes(file) ? problem : `${file}: ${problem}`;
}
