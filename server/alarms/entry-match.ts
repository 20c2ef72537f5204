import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmEntryFilter } from '../wire/alarm-search.ts';

/** A test for entries that are wanted. */
export function entryMatch(filter: AlarmEntryFilter): (entry: AlarmEntry) => boolean {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY, events, states, priorities } = filter;
  const tag = patternMatch(filter.tag);
  const [channel, definition] = [patternMatch(filter.channel), patternMatch(filter.definition)];
  const [person, text] = [filter.person?.toLowerCase(), filter.text?.toLowerCase()];
  return (entry) =>
    entry.atMs >= fromMs &&
    entry.atMs < toMs &&
    (events === undefined || events.includes(entry.event)) &&
    (states === undefined || states.includes(entry.state)) &&
    (priorities === undefined || priorities.includes(entry.priority)) &&
    tag(entry.tag) &&
    channel(entry.channel ?? '') &&
    definition(entry.definition) &&
    (person === undefined || has(entry.actor?.name, person)) &&
    (text === undefined ||
      [entry.tag, entry.comment, entry.finding?.text, entry.actor?.name].some((one) => has(one, text)));
}

/** A test for names that fit a pattern, in which `*` is any characters: in linear time, whatever the pattern. */
export function patternMatch(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const [head = '', ...rest] = pattern.toLowerCase().split('*');
  const tail = rest.pop();
  if (tail === undefined) return (name) => name.toLowerCase() === head;
  return (written) => {
    const name = written.toLowerCase();
    if (!name.startsWith(head) || !name.endsWith(tail)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at + tail.length <= name.length;
  };
}

function has(text: string | undefined, part: string): boolean {
  return text?.toLowerCase().includes(part) ?? false;
}
