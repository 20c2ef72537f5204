import { checkPapers } from './check-papers.ts';
import { type Finding, failed } from './finding.ts';
import { type ReadModel, readModelFolder } from './model-folder.ts';
import { ModelThread } from './model-thread.ts';

/**
 * Checks a model's folder to the end: reads it with its papers, and tries the
 * model in a thread of its own, which is cut off where it does not return. No
 * model where anything is wrong.
 */
export async function checkModel(folder: string, worker: URL): Promise<ReadModel> {
  const { findings, model } = await readModelFolder(folder);
  if (model === undefined) return { findings };

  const papers = await checkPapers(folder, model.manifest);
  const { name } = model.manifest;
  const thread = new ModelThread({ worker, models: [model], tried: [name] });
  const end = await thread.ready;
  await thread.end();
  const tried: readonly Finding[] =
    end.kind === 'ready' ? (end.findings.get(name) ?? []) : [failed('runs', end.reason)];
  const all = [...findings, ...papers, ...tried];
  return all.every(({ isFit }) => isFit) ? { findings: all, model } : { findings: all };
}
