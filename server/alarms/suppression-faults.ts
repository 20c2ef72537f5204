import type { WholeDefinition } from '../wire/alarm-definitions.ts';
import type { DefinitionFault } from '../wire/definition-faults.ts';
import { isTemplate } from './definition-alarms.ts';
import type { Line } from './definition-lines.ts';

/**
 * What is wrong with the parents that hide alarms: there is none of that
 * identifier, it makes no alarm, or alarms would hide each other, so that all
 * are present and nobody sees one. An alarm of what inherits from the parent
 * hides as the parent's does.
 */
export function suppressionFaults(
  whole: ReadonlyMap<string, WholeDefinition>,
  lines: ReadonlyMap<string, Line>,
): DefinitionFault[] {
  const circular = inCycles(hidingEdges(whole, lines));
  return [...whole.values()].flatMap((definition) => {
    const { id, suppress } = definition;
    const parent = suppress?.parent;
    if (parent === undefined) return [];
    const told = (code: DefinitionFault['code'], why: string): DefinitionFault[] => [
      { code, id, path: 'suppress.parent', found: parent, message: `${id} is hidden by ${parent}, ${why}` },
    ];
    const said = lines.get(parent);
    if (said === undefined) return told('PARENT_UNKNOWN', 'which there is not');
    const made = whole.get(parent);
    if (made === undefined || isTemplate(made)) return told('PARENT_TEMPLATE', 'which makes no alarm');
    if (circular.has(id)) return told('PARENT_CYCLE', 'which is hidden by it in turn');
    return [];
  });
}

/** From each definition to its parent's family, and from a family, `*` and the identifier of its head, to what is in it. */
function hidingEdges(
  whole: ReadonlyMap<string, WholeDefinition>,
  lines: ReadonlyMap<string, Line>,
): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const [id, { suppress, inherits }] of whole) {
    if (suppress?.parent !== undefined && lines.has(suppress.parent)) addEdge(edges, id, `*${suppress.parent}`);
    addEdge(edges, `*${id}`, id);
    if (inherits !== undefined) addEdge(edges, `*${inherits}`, `*${id}`);
  }
  return edges;
}

/** The nodes of cycles, and those on a way between two of them. */
function inCycles(edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reversed = new Map<string, string[]>();
  for (const [from, all] of edges) for (const to of all) addEdge(reversed, to, from);
  const nodes = new Set([...edges.keys(), ...reversed.keys()]);
  peel(nodes, edges, reversed);
  peel(nodes, reversed, edges);
  return nodes;
}

function addEdge(edges: Map<string, string[]>, from: string, to: string): void {
  const known = edges.get(from);
  if (known === undefined) edges.set(from, [to]);
  else known.push(to);
}

/** Takes away what leads nowhere, until everything leads on. */
function peel(
  nodes: Set<string>,
  edges: ReadonlyMap<string, readonly string[]>,
  reversed: ReadonlyMap<string, readonly string[]>,
): void {
  const left = new Map<string, number>();
  for (const node of nodes) left.set(node, (edges.get(node) ?? []).filter((to) => nodes.has(to)).length);
  const ends = [...nodes].filter((node) => left.get(node) === 0);
  for (const end of ends) {
    nodes.delete(end);
    for (const from of reversed.get(end) ?? []) {
      const rest = left.get(from)! - 1;
      left.set(from, rest);
      if (rest === 0 && nodes.has(from)) ends.push(from);
    }
  }
}
