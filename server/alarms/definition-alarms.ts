import type { AlarmDefinition, WholeDefinition } from '../wire/alarm-definitions.ts';
import { alarmTag } from '../wire/alarms.ts';
import { fitsPattern } from '../wire/channel-pattern.ts';

/** An alarm that there is because a definition says so. */
export interface DefinedAlarm {
  readonly tag: string;
  readonly definition: WholeDefinition;
  /** Left out where it is of the server itself. */
  readonly channel?: string;
  /** Tags of the alarms that hide it by design while they are present. */
  readonly parents: readonly string[];
}

/** Whether a definition, with what it inherits, makes no alarm and is there to inherit from. */
export function isTemplate({ channels, condition }: Pick<AlarmDefinition, 'channels' | 'condition'>): boolean {
  return channels.length === 0 && condition?.kind !== 'system';
}

/**
 * The alarms that definitions make of channels and of the server, in the order
 * of definitions and channels. Where several of one line of inheritance name a
 * channel, or are of the server, the most derived has the alarm; those of other
 * lines have theirs besides.
 */
export function alarmsOf(whole: readonly WholeDefinition[], channels: readonly string[]): DefinedAlarm[] {
  const families = familiesOf(whole);
  const own = new Map(whole.map((definition) => [definition.id, placesOf(definition, channels)]));
  const made = new Map<string, Omit<DefinedAlarm, 'parents'>>();
  for (const definition of whole) {
    const derived = families.get(definition.id)!.slice(1);
    const taken = new Set(derived.flatMap((id) => [...own.get(id)!]));
    for (const channel of own.get(definition.id)!) {
      if (taken.has(channel)) continue;
      const tag = alarmTag(definition.id, channel);
      made.set(tag, { tag, definition, ...(channel === undefined ? {} : { channel }) });
    }
  }
  return [...made.values()].map((alarm) => ({ ...alarm, parents: parentsOf(alarm, families, made) }));
}

/** The alarms that one definition makes of channels and of the server. */
export function alarmsOfOne(
  id: string,
  whole: readonly WholeDefinition[],
  channels: readonly string[],
): DefinedAlarm[] {
  const family = new Set(familiesOf(whole).get(id)); // nobody else takes any from it
  const kin = whole.filter((definition) => family.has(definition.id));
  return alarmsOf(kin, channels).filter(({ definition }) => definition.id === id);
}

/** The channels that a definition names, and `undefined` for the server. */
function placesOf(definition: WholeDefinition, channels: readonly string[]): ReadonlySet<string | undefined> {
  if (definition.condition.kind === 'system') return new Set([undefined]);
  return new Set(channels.filter((channel) => definition.channels.some((pattern) => fitsPattern(pattern, channel))));
}

/** Of each definition its identifier and those of all that inherit from it. */
function familiesOf(whole: readonly WholeDefinition[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(whole.map((definition) => [definition.id, definition]));
  const families = new Map<string, string[]>(whole.map(({ id }) => [id, [id]]));
  for (const { id, inherits } of whole) {
    for (let above = inherits; above !== undefined; above = byId.get(above)?.inherits) families.get(above)?.push(id);
  }
  return families;
}

function parentsOf(
  { definition, channel }: Omit<DefinedAlarm, 'parents'>,
  families: ReadonlyMap<string, readonly string[]>,
  made: ReadonlyMap<string, unknown>,
): string[] {
  const parent = definition.suppress?.parent;
  const family = parent === undefined ? [] : (families.get(parent) ?? []);
  const tags = family.flatMap((id) => [alarmTag(id), ...(channel === undefined ? [] : [alarmTag(id, channel)])]);
  return tags.filter((tag) => made.has(tag));
}
