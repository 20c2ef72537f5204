import type { AlarmDefinition } from '../wire/alarm-definitions.ts';
import type { DefinitionFault } from '../wire/definition-faults.ts';

/** A definition after those it inherits from, the one that inherits from nothing first. */
export type Line = readonly AlarmDefinition[];

/**
 * The line of inheritance of every definition that has one, and what is wrong
 * with those that have none. Of an identifier that several have, none counts.
 */
export function inheritanceLines(documents: readonly AlarmDefinition[]): {
  readonly lines: ReadonlyMap<string, Line>;
  readonly faults: readonly DefinitionFault[];
} {
  const { byId, faults } = indexById(documents);
  const lines = new Map<string, Line>();
  const lost = new Set(faults.map(({ id }) => id!)); // those that have no line
  for (const id of byId.keys()) follow(id);
  return { lines, faults };

  function follow(start: string): void {
    const waiting: AlarmDefinition[] = [];
    const steps = new Set<string>();
    let id: string | undefined = start;
    while (id !== undefined && byId.has(id) && !lines.has(id) && !lost.has(id)) {
      if (steps.has(id)) {
        refuseCycle(waiting, id);
        return;
      }
      steps.add(id);
      const definition: AlarmDefinition = byId.get(id)!;
      waiting.push(definition);
      id = definition.inherits;
    }
    let line = id === undefined ? [] : lines.get(id);
    if (line === undefined) {
      refuse(waiting, id!);
      return;
    }
    for (const definition of waiting.reverse()) {
      line = [...line, definition];
      lines.set(definition.id, line);
    }
  }

  function refuse(waiting: readonly AlarmDefinition[], at: string): void {
    for (const { id, inherits } of waiting) {
      lost.add(id);
      const isMissing = inherits === at && !lost.has(at);
      const why = isMissing ? 'which there is not' : 'which has faults itself';
      faults.push(inheritFault(isMissing ? 'INHERITS_UNKNOWN' : 'INHERITS_FAULTY', id, inherits!, why));
    }
  }

  function refuseCycle(waiting: readonly AlarmDefinition[], first: string): void {
    const from = waiting.findIndex(({ id }) => id === first);
    const cycle = waiting.slice(from).map(({ id }) => id);
    for (const [place, id] of cycle.entries()) {
      lost.add(id);
      const around = [...cycle.slice(place), ...cycle.slice(0, place), id].join(' → ');
      faults.push(inheritFault('INHERITS_CYCLE', id, around, 'which has no end'));
    }
    refuse(waiting.slice(0, from), first);
  }
}

function indexById(documents: readonly AlarmDefinition[]) {
  const byId = new Map<string, AlarmDefinition>();
  const doubles = new Set<string>();
  for (const definition of documents) {
    if (byId.has(definition.id)) doubles.add(definition.id);
    byId.set(definition.id, definition);
  }
  for (const id of doubles) byId.delete(id);
  const faults = [...doubles].map(
    (id): DefinitionFault => ({
      code: 'ID_DOUBLE',
      id,
      path: 'id',
      found: id,
      message: `there are several definitions ${id}, expected one`,
    }),
  );
  return { byId, faults };
}

function inheritFault(code: DefinitionFault['code'], id: string, found: string, why: string): DefinitionFault {
  return { code, id, path: 'inherits', found, message: `${id} inherits from ${found}, ${why}` };
}
