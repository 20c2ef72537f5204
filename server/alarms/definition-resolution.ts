import { type AlarmDefinition, DEFINITION_LIMIT, RESERVED_IDS, WholeDefinition } from '../wire/alarm-definitions.ts';
import type { DefinitionFault } from '../wire/definition-faults.ts';
import { isTemplate } from './definition-alarms.ts';
import { inheritanceLines, type Line } from './definition-lines.ts';
import { suppressionFaults } from './suppression-faults.ts';

export interface ResolvedDefinitions {
  /** In the order of identifiers: all that lack nothing, with what they inherit; templates that lack something are none of them. */
  readonly whole: readonly WholeDefinition[];
  /** In the order of identifiers. A definition that has one is not whole, nor is what inherits from it. */
  readonly faults: readonly DefinitionFault[];
}

/** What definitions come to, whatever order they are in. */
export function resolveDefinitions(documents: readonly AlarmDefinition[]): ResolvedDefinitions {
  const { lines, faults: lineFaults } = inheritanceLines(documents);
  const whole = new Map<string, WholeDefinition>();
  const faults = [...lineFaults, ...countFaults(documents.length), ...documents.flatMap(idFaults)];
  for (const [id, line] of lines) {
    const joined = joinLine(line);
    const parsed = WholeDefinition.safeParse(joined);
    if (parsed.success) whole.set(id, parsed.data);
    else if (!isTemplate(joined)) faults.push(...missingFaults(id, parsed.error.issues));
  }
  for (const definition of whole.values()) faults.push(...channelFaults(definition));
  faults.push(...suppressionFaults(whole, lines));

  const faulty = new Set(faults.map(({ id }) => id));
  const isSound = ({ id }: WholeDefinition) => !lines.get(id)!.some((above) => faulty.has(above.id));
  return { whole: [...whole.values()].filter(isSound).sort(byId), faults: sortFaults(faults) };
}

/** Everything that a line says, the more derived over the less; channels are those of the last alone. */
function joinLine(line: Line): AlarmDefinition {
  const { capture, ...joined }: AlarmDefinition = Object.assign({}, ...line);
  return { ...joined, ...(capture ? { capture } : {}), channels: line.at(-1)!.channels };
}

function missingFaults(id: string, issues: readonly { readonly path: readonly PropertyKey[] }[]): DefinitionFault[] {
  return issues.map((issue) => {
    const path = issue.path.join('.');
    return {
      code: 'FIELD_MISSING',
      id,
      path,
      message: `${id} has no ${path}, expected one of its own or of what it inherits from`,
    };
  });
}

function channelFaults({ id, channels, condition }: WholeDefinition): DefinitionFault[] {
  if (condition.kind !== 'system' || channels.length === 0) return [];
  const found = channels.join(', ');
  const message = `${id} is of the server's ${condition.figure} and names the channels ${found}, expected none`;
  return [{ code: 'SYSTEM_CHANNELS', id, path: 'channels', found, message }];
}

function idFaults({ id }: AlarmDefinition): DefinitionFault[] {
  if (!RESERVED_IDS.includes(id)) return [];
  const expected = `none of ${RESERVED_IDS.join(', ')}`;
  const message = `a definition is called ${id}, which lies in /api/alarms/ beside the alarms: expected ${expected}`;
  return [{ code: 'FORM', id, path: 'id', found: id, expected, message }];
}

function countFaults(count: number): DefinitionFault[] {
  if (count <= DEFINITION_LIMIT) return [];
  const message = `there are ${count} definitions, expected at most ${DEFINITION_LIMIT}`;
  return [{ code: 'TOO_MANY', path: '', found: String(count), expected: String(DEFINITION_LIMIT), message }];
}

function byId({ id: a }: WholeDefinition, { id: b }: WholeDefinition): number {
  return a < b ? -1 : Number(a > b);
}

function sortFaults(faults: readonly DefinitionFault[]): DefinitionFault[] {
  const key = ({ id = '', path, code, message }: DefinitionFault) => [id, path, code, message].join('\0');
  return faults
    .map((fault) => ({ key: key(fault), fault }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ fault }) => fault);
}
