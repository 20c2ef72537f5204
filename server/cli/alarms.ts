import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { faultWords } from '../alarms/definition-changes.ts';
import { placeFaults, readDefinitionFile } from '../alarms/definition-file.ts';
import { resolveDefinitions } from '../alarms/definition-resolution.ts';
import { definitionWarnings, NO_CHANNELS } from '../alarms/definition-warnings.ts';
import { AppError } from '../base/errors.ts';
import type { ImportReply } from '../wire/definition-replies.ts';
import { openDefinitions } from './open-definitions.ts';
import { addStorageOptions, type StorageFlags, storageDirectory } from './storage-options.ts';
import { writeWhole } from './write-whole.ts';

interface ImportFlags extends StorageFlags {
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly comment?: string;
}

interface ExportFlags extends StorageFlags {
  readonly output: string;
}

const STANDARD_STREAM = '-';

/** `fenestra alarms` */
export function alarmsCommand(): Command {
  const command = new Command('alarms').description('take definitions of alarms from a file, and give them as one');
  addStorageOptions(
    command
      .command('import')
      .description('import a file of definitions, all of it or nothing, also while the server runs')
      .argument('<file>', 'TOML, as fenestra alarms export writes it; - for standard input')
      .option('--replace', 'also remove the definitions that the file does not have')
      .option('--dry-run', 'change nothing, only say what would be changed')
      .option('--comment <text>', 'why; kept with every version that it makes'),
  ).action(runImport);
  addStorageOptions(
    command
      .command('export')
      .description('write all definitions to a file, also while the server runs')
      .option('-o, --output <file>', 'what to write, - for standard output', STANDARD_STREAM),
  ).action(runExport);
  command
    .command('check')
    .description('say what is wrong with files of definitions, without a server; together they must be whole')
    .argument('<files...>', 'TOML')
    .action(check);
  return command;
}

async function runImport(file: string, flags: ImportFlags): Promise<void> {
  const order = {
    text: await read(file),
    replace: flags.replace === true,
    dryRun: flags.dryRun === true,
    by: userInfo().username,
    comment: flags.comment,
  };
  const definitions = await openDefinitions(storageDirectory(flags));
  try {
    const reply = await definitions.importFile(order);
    console.log(describe(reply, order.dryRun ? 'would be' : 'are'));
    for (const warning of reply.warnings) console.log(`NOTE   ${faultWords(warning)}`);
  } finally {
    await definitions.close();
  }
}

async function runExport({ output, ...flags }: ExportFlags): Promise<void> {
  const definitions = await openDefinitions(storageDirectory(flags));
  try {
    const content = await definitions.exportFile();
    if (output === STANDARD_STREAM) process.stdout.write(content);
    else await writeWhole(output, (partial) => writeFile(partial, content));
  } finally {
    await definitions.close();
  }
}

async function check(names: readonly string[]): Promise<void> {
  const texts = await Promise.all(names.map(read));
  const files = texts.map(readDefinitionFile);
  const own = files.flatMap(({ faults }, n) => faults.map((fault) => `${names[n]}: ${faultWords(fault)}`));
  const { whole, faults } = resolveDefinitions(files.flatMap(({ definitions }) => definitions));
  const joint = faults.map((fault) => {
    const n = files.findIndex(({ definitions }) => definitions.some(({ id }) => id === fault.id));
    return n < 0 ? faultWords(fault) : `${names[n]}: ${faultWords(placeFaults([fault], texts[n])[0])}`;
  });
  const told = own.length > 0 ? own : joint; // what cannot be read would be missing to others
  for (const line of told) console.log(`WRONG  ${line}`);
  if (told.length > 0) {
    throw new AppError('FILE_INVALID', `${names.join(', ')}: ${told.length} things are wrong, nothing was imported`);
  }
  for (const warning of definitionWarnings(whole, NO_CHANNELS)) console.log(`NOTE   ${faultWords(warning)}`);
  const count = files.reduce((sum, { definitions }) => sum + definitions.length, 0);
  console.log(`ok  ${count} definitions, of which ${count - whole.length} are templates that lack something`);
}

async function read(file: string): Promise<string> {
  if (file === STANDARD_STREAM) return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError('FILE_INVALID', `cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function describe({ added, changed, unchanged, removed }: ImportReply, are: string): string {
  const line = (what: string, ids: readonly string[]) => (ids.length === 0 ? [] : [`  ${what}: ${ids.join(', ')}`]);
  return [
    `${added.length} definitions ${are} added, ${changed.length} changed, ${removed.length} removed; ${unchanged.length} unchanged`,
    ...line('added', added),
    ...line('changed', changed),
    ...line('removed', removed),
  ].join('\n');
}
