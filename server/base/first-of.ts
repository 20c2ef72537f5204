/** The first `limit` of many by an order, in it. Those that are not among them are looked at once, and not sorted. */
export function firstOf<T>(all: Iterable<T>, limit: number, compare: (a: T, b: T) => number): T[] {
  let found: T[] = [];
  let last: T | undefined; // of those that have a place, as soon as all places are taken
  for (const one of all) {
    if (last !== undefined && compare(one, last) > 0) continue;
    if (found.push(one) < 2 * limit) continue;
    found = found.sort(compare).slice(0, limit);
    last = found.at(-1);
  }
  return found.sort(compare).slice(0, limit);
}
