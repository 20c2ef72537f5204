import { parse, stringify, TomlError } from 'smol-toml';
import { z } from 'zod';
import { type AlarmDefinition, DEFINITION_LIMIT } from '../wire/alarm-definitions.ts';
import type { DefinitionFault } from '../wire/definition-faults.ts';
import { readDefinition } from './definition-schema-faults.ts';
import { lineOf } from './toml-line.ts';

/** What the text of a file came to: with faults, the definitions are those that have none of their own. */
export interface DefinitionFile {
  readonly definitions: readonly AlarmDefinition[];
  readonly faults: readonly DefinitionFault[];
}

const SECTION = 'definitions';
const HEADER = `# Definitions of alarms, for \`fenestra alarms import\`.\n\n`;
const File = z.strictObject({ [SECTION]: z.record(z.string(), z.unknown()).default({}) });

/** Reads a file of definitions: a TOML table `[definitions.ID]` of each. They are not resolved. */
export function readDefinitionFile(text: string): DefinitionFile {
  let table: unknown;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message] = error.message.split('\n');
    return { definitions: [], faults: [{ code: 'FILE_SYNTAX', path: '', line: error.line, message }] };
  }
  const file = File.safeParse(table);
  if (!file.success) return { definitions: [], faults: file.error.issues.flatMap((issue) => fileFaults(issue, text)) };

  const read = Object.entries(file.data[SECTION]).map(([id, body]) => readSection(id, body));
  return {
    definitions: read.flatMap(({ definition }) => (definition === undefined ? [] : [definition])),
    faults: placeFaults(
      read.flatMap(({ faults }) => faults),
      text,
    ),
  };
}

/** Says of each fault in which line of the text it is, where that is seen. */
export function placeFaults(faults: readonly DefinitionFault[], text: string): DefinitionFault[] {
  return faults.map((fault) => {
    if (fault.id === undefined) return fault;
    const steps = fault.path === '' ? [] : fault.path.split('.');
    const line = lineOf(text, [SECTION, fault.id, ...steps]);
    return line === undefined ? fault : { ...fault, line };
  });
}

/** The same text for the same definitions, which reads as them: what inherits comes after what it inherits from, else by identifier. */
export function writeDefinitionFile(definitions: readonly AlarmDefinition[]): string {
  const ordered = inOrder(definitions).map(({ id, inherits, channels, ...body }) => [
    id,
    { ...(inherits === undefined ? {} : { inherits }), ...(channels.length === 0 ? {} : { channels }), ...body },
  ]);
  return HEADER + stringify({ [SECTION]: Object.fromEntries(ordered) });
}

function readSection(id: string, body: unknown): { definition?: AlarmDefinition; faults: readonly DefinitionFault[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { faults: [{ code: 'FIELD_TYPE', id, path: '', expected: 'table', message: `${id} is no table` }] };
  }
  if ('id' in body) {
    return {
      faults: [{ code: 'FIELD_UNKNOWN', id, path: 'id', message: `${id} has an id, expected it in the header alone` }],
    };
  }
  const read = readDefinition({ id, ...body });
  if ('definition' in read) return { definition: read.definition, faults: [] };
  return { faults: read.faults.map((fault) => ({ ...fault, id })) };
}

function fileFaults(issue: z.core.$ZodIssue, text: string): DefinitionFault[] {
  const names = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')];
  return names.map((path) => {
    const line = lineOf(text, [path]);
    const message = `the file has ${path}, expected nothing but tables [${SECTION}.ID]`;
    return { code: 'FIELD_UNKNOWN', path, ...(line === undefined ? {} : { line }), message };
  });
}

function inOrder(definitions: readonly AlarmDefinition[]): AlarmDefinition[] {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  const depthOf = ({ inherits }: AlarmDefinition) => {
    let depth = 0;
    for (let id = inherits; id !== undefined && depth <= DEFINITION_LIMIT; id = byId.get(id)?.inherits) depth++;
    return depth;
  };
  return definitions
    .map((definition) => ({ definition, depth: depthOf(definition) }))
    .sort((a, b) => a.depth - b.depth || (a.definition.id < b.definition.id ? -1 : 1))
    .map(({ definition }) => definition);
}
