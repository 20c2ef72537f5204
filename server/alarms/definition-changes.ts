import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../base/errors.ts';
import type { AlarmDefinition } from '../wire/alarm-definitions.ts';
import type { DefinitionFault } from '../wire/definition-faults.ts';
import type { ImportReply, InvalidDefinitions } from '../wire/definition-replies.ts';
import { type ResolvedDefinitions, resolveDefinitions } from './definition-resolution.ts';

/** Definitions by their identifiers. */
export type Definitions = ReadonlyMap<string, AlarmDefinition>;

/** A definition as it is to be; none where it is to go. */
export interface DefinitionChange {
  readonly id: string;
  readonly definition?: AlarmDefinition;
}

const TOLD_FAULTS = 10;

/** The definitions after changes. */
export function changed(definitions: Definitions, changes: readonly DefinitionChange[]): Definitions {
  const after = new Map(definitions);
  for (const { id, definition } of changes) {
    if (definition === undefined) after.delete(id);
    else after.set(id, definition);
  }
  return after;
}

/**
 * What definitions come to after changes. Throws `DEFINITION_INVALID` where
 * they have a fault that they had not before, in whatever definition: what was
 * wrong already keeps nobody from mending it step by step.
 */
export function resolveChanged(before: ResolvedDefinitions, after: Definitions): ResolvedDefinitions {
  const resolved = resolveDefinitions([...after.values()]);
  const known = new Set(before.faults.map(({ message }) => message));
  refuse(resolved.faults.filter(({ message }) => !known.has(message)));
  return resolved;
}

/** Throws `DEFINITION_INVALID` where there are faults. */
export function refuse(faults: readonly DefinitionFault[]): void {
  if (faults.length > 0) throw invalid(faults);
}

/** `DEFINITION_INVALID`, with the faults in its details. */
export function invalid(faults: readonly DefinitionFault[]): AppError {
  const told = faults.slice(0, TOLD_FAULTS).map(faultWords);
  const more = faults.length > TOLD_FAULTS ? [`and ${faults.length - TOLD_FAULTS} more`] : [];
  const details: InvalidDefinitions = { faults };
  return new AppError('DEFINITION_INVALID', [...told, ...more].join('; '), { details });
}

/** A fault with the place where it is. */
export function faultWords({ line, id, message }: DefinitionFault): string {
  const where = [...(line === undefined ? [] : [`line ${line}`]), ...(id === undefined ? [] : [id])];
  return [where.join(', '), message].filter((part) => part !== '').join(': ');
}

/** What the definitions of a file change: those that it does not have go only where it `replaces` all. */
export function compareImport(
  definitions: Definitions,
  file: readonly AlarmDefinition[],
  replaces: 'none' | 'all',
): { readonly reply: Omit<ImportReply, 'warnings'>; readonly changes: readonly DefinitionChange[] } {
  const inFile = new Map(file.map((definition) => [definition.id, definition]));
  const ids = [...inFile.keys()].sort();
  const isSame = (id: string) => isDeepStrictEqual(definitions.get(id), inFile.get(id));
  const added = ids.filter((id) => !definitions.has(id));
  const changedIds = ids.filter((id) => definitions.has(id) && !isSame(id));
  const removed = replaces === 'all' ? [...definitions.keys()].filter((id) => !inFile.has(id)).sort() : [];
  return {
    reply: { added, changed: changedIds, unchanged: ids.filter((id) => definitions.has(id) && isSame(id)), removed },
    changes: [
      ...[...added, ...changedIds].map((id) => ({ id, definition: inFile.get(id)! })),
      ...removed.map((id) => ({ id })),
    ],
  };
}
