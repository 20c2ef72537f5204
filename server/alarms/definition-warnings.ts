import type { WholeDefinition } from '../wire/alarm-definitions.ts';
import { ALARM_PRIORITIES } from '../wire/alarms.ts';
import type { DefinitionFault } from '../wire/definition-faults.ts';
import { alarmsOf } from './definition-alarms.ts';

const NAMED_CHANNELS = 5;

/** The channels there are, and those of them for which the settings have a normal band. */
export interface KnownChannels {
  readonly names: readonly string[];
  readonly banded: ReadonlySet<string>;
}

export const NO_CHANNELS: KnownChannels = { names: [], banded: new Set() };

/** Those of these names, whose settings there may be. */
export function knownChannels(
  names: Iterable<string>,
  settings: Readonly<Record<string, { readonly normal?: unknown }>>,
): KnownChannels {
  const banded = Object.keys(settings).filter((name) => settings[name]?.normal !== undefined);
  return { names: [...names].sort(), banded: new Set(banded) };
}

/**
 * What may be meant in definitions that are sound, and seldom is: an alarm that
 * is hidden by a less urgent one, and one of a normal band that its channels do
 * not have, which is never there. By identifier.
 */
export function definitionWarnings(whole: readonly WholeDefinition[], channels: KnownChannels): DefinitionFault[] {
  const byId = new Map(whole.map((definition) => [definition.id, definition]));
  const unbanded = channelsWithoutBand(whole, channels);
  return whole.flatMap(({ id, priority, suppress }) => {
    const parent = suppress?.parent === undefined ? undefined : byId.get(suppress.parent);
    const names = unbanded.get(id);
    return [
      ...(parent !== undefined && isMoreUrgent(priority, parent.priority) ? [outranked(id, priority, parent)] : []),
      ...(names === undefined ? [] : [bandless(id, names)]),
    ];
  });
}

function isMoreUrgent(a: WholeDefinition['priority'], b: WholeDefinition['priority']): boolean {
  return ALARM_PRIORITIES.indexOf(a) < ALARM_PRIORITIES.indexOf(b);
}

function outranked(id: string, priority: string, parent: WholeDefinition): DefinitionFault {
  const message = `${id} is ${priority} and is hidden by ${parent.id}, which is ${parent.priority}`;
  return { code: 'PARENT_LESS_URGENT', id, path: 'suppress.parent', found: parent.id, message };
}

function bandless(id: string, names: readonly string[]): DefinitionFault {
  const more = names.length > NAMED_CHANNELS ? [`and ${names.length - NAMED_CHANNELS} more`] : [];
  const found = [...names.slice(0, NAMED_CHANNELS), ...more].join(', ');
  const message = `${id} is never raised for ${found}: the settings have no normal band of them`;
  return { code: 'BAND_NONE', id, path: 'condition', found, message };
}

/** Of definitions of the channel's own band: the channels that they make alarms of and that have none. */
function channelsWithoutBand(
  whole: readonly WholeDefinition[],
  { names, banded }: KnownChannels,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { definition, channel } of alarmsOf(whole, names)) {
    const { id, condition } = definition;
    if (condition.kind !== 'band' || condition.low !== undefined || condition.high !== undefined) continue;
    if (channel === undefined || banded.has(channel)) continue;
    found.set(id, [...(found.get(id) ?? []), channel]);
  }
  return found;
}
