import { Command } from 'commander';
import { AppError } from '../base/errors.ts';
import { checkModel } from '../inference/check-model.ts';
import type { Finding } from '../inference/finding.ts';
import { INFERENCE_WORKER } from '../installed-files.ts';
import type { ModelManifest } from '../model/manifest.ts';

/** `fenestra models check` */
export function modelsCommand(): Command {
  const command = new Command('models').description('look at models for diagnosis');
  command
    .command('check')
    .description('say exactly what is wrong with the folder of a model, and what it is')
    .argument('<folder>', 'with model.onnx and manifest.json')
    .action(check);
  return command;
}

async function check(folder: string): Promise<void> {
  const { findings, model } = await checkModel(folder, INFERENCE_WORKER);
  for (const finding of findings) console.log(`${signOf(finding)}  ${finding.check}: ${finding.message}`);
  const wrong = findings.filter(({ isFit }) => !isFit).length;
  if (model === undefined) {
    throw new AppError('MODEL_UNFIT', `the model in ${folder} is unfit: ${wrong} of ${findings.length} checks failed`);
  }
  console.log(`\n${describeModel(model.manifest)}`);
}

function signOf({ isFit, isNote }: Finding): string {
  if (!isFit) return 'WRONG';
  return isNote ? 'NOTE ' : 'ok   ';
}

function describeModel({ name, version, input, classes, thresholds, data, metrics }: ModelManifest): string {
  const { rows, length, pointsPerSecond, unit, alignment } = input;
  const { kind, ...how } = alignment;
  const settings = Object.entries(how).map(([key, value]) => `${key} ${value}`);
  return [
    `${name} ${version} is fit. The server finds it in a folder called ${name}.`,
    `  looks at   ${length} points of ${rows.join(', ')}, ${pointsPerSecond} a second, in ${unit === '' ? 'no unit' : unit}`,
    `  run begins ${[kind, ...settings].join(', ')}`,
    `  tells      ${classes.map(({ label, name: { en } }) => `${label} ${en}`).join(', ')}`,
    `  unknown    ${thresholds.unknown === undefined ? 'never says so' : `above a score of ${thresholds.unknown}`}`,
    `  trained on ${data.runs} runs of ${data.source}`,
    `  metrics    ${
      Object.entries(metrics)
        .map(([key, value]) => `${key} ${value}`)
        .join(', ') || 'none given'
    }`,
  ].join('\n');
}
