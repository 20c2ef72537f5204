import type { z } from 'zod';
import { AlarmCondition, AlarmDefinition } from '../wire/alarm-definitions.ts';
import type { DefinitionFault, DefinitionFaultCode } from '../wire/definition-faults.ts';

type SchemaFault = Pick<DefinitionFault, 'code' | 'found' | 'expected'> & { readonly path: readonly PropertyKey[] };

const FOUND_CHARACTERS = 60;
const CONDITION_KINDS = AlarmCondition.options.map(({ shape }) => shape.kind.value);

/** A definition out of anything, or all that is wrong with it. */
export function readDefinition(
  value: unknown,
): { readonly definition: AlarmDefinition } | { readonly faults: readonly DefinitionFault[] } {
  const parsed = AlarmDefinition.safeParse(value);
  if (parsed.success) return { definition: parsed.data };
  const id = AlarmDefinition.shape.id.safeParse(at(value, ['id'])).data;
  return { faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, value)).map((fault) => toFault(fault, id)) };
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown): SchemaFault[] {
  const { path } = issue;
  const there = at(value, path);
  const told = (code: DefinitionFaultCode, expected?: string, found = shown(there)): SchemaFault[] => [
    { code, path, ...(found === undefined ? {} : { found }), ...(expected === undefined ? {} : { expected }) },
  ];
  switch (issue.code) {
    case 'invalid_type':
      return there === undefined ? told('FIELD_MISSING') : told('FIELD_TYPE', issue.expected);
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ code: 'FIELD_UNKNOWN', path: [...path, key] }));
    case 'too_small':
      return told(...sizeFault(issue.origin, ['NUMBER_LOW', 'TEXT_SHORT', 'LIST_SHORT'], issue.minimum, there));
    case 'too_big':
      return told(...sizeFault(issue.origin, ['NUMBER_HIGH', 'TEXT_LONG', 'LIST_LONG'], issue.maximum, there));
    case 'invalid_value':
      return told('CHOICE', issue.values.join(', '));
    case 'invalid_union':
      // Of a field that may be switched off it is told what is wrong with it switched on.
      if (issue.errors[0] === undefined) return told('CHOICE', CONDITION_KINDS.join(', '));
      return issue.errors[0].flatMap((inner) => faultsOf({ ...inner, path: [...path, ...inner.path] }, value));
    case 'custom':
      return told(issue.params?.fault as DefinitionFaultCode, issue.message);
    default:
      return told('FORM', issue.message);
  }
}

type Size = readonly [ofNumber: DefinitionFaultCode, ofText: DefinitionFaultCode, ofList: DefinitionFaultCode];

function sizeFault(
  origin: string,
  [ofNumber, ofText, ofList]: Size,
  limit: number | bigint,
  there: unknown,
): [DefinitionFaultCode, string, string?] {
  if (typeof there === 'string') return [ofText, String(limit), String(there.length)];
  if (Array.isArray(there)) return [ofList, String(limit), String(there.length)];
  if (typeof there === 'number') return [ofNumber, String(limit)];
  throw new Error(`a limit of ${origin}, expected one of numbers, texts or lists`);
}

function toFault({ path: steps, ...fault }: SchemaFault, id: string | undefined): DefinitionFault {
  const path = steps.map(String).join('.');
  return { ...fault, ...(id === undefined ? {} : { id }), path, message: sentence({ ...fault, path }) };
}

function sentence({ code, path, found, expected }: Omit<DefinitionFault, 'message'>): string {
  const name = path === '' ? 'the definition' : path;
  switch (code) {
    case 'FIELD_MISSING':
      return `${name} is missing`;
    case 'FIELD_UNKNOWN':
      return `there is no field ${name}`;
    case 'NUMBER_LOW':
      return `${name} is ${found}, expected at least ${expected}`;
    case 'NUMBER_HIGH':
      return `${name} is ${found}, expected at most ${expected}`;
    case 'TEXT_SHORT':
      return `${name} is empty, expected a text`;
    case 'TEXT_LONG':
      return `${name} has ${found} characters, expected at most ${expected}`;
    case 'LIST_SHORT':
      return `${name} has ${found} entries, expected at least ${expected}`;
    case 'LIST_LONG':
      return `${name} has ${found} entries, expected at most ${expected}`;
    case 'CHOICE':
      return `${name} is ${found}, expected one of ${expected}`;
    case 'FORM':
    case 'ONE_BOUND':
    case 'N_OF_M':
    case 'LOW_HIGH':
      return `${name} is ${found}: ${expected}`;
    default:
      return `${name} is ${found}, expected ${expected}`;
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, key) => (inside as Readonly<Record<PropertyKey, unknown>> | null)?.[key], value);
}

function shown(found: unknown): string | undefined {
  const text = JSON.stringify(found);
  return text === undefined || text.length <= FOUND_CHARACTERS ? text : `${text.slice(0, FOUND_CHARACTERS)}…`;
}
