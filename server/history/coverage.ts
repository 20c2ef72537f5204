/** A range of time, ns since 1970 UTC; `toNs` is not in it. */
export interface TimeRange {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** The same times as ranges that neither touch nor overlap, in order. */
export function joined(ranges: readonly TimeRange[]): TimeRange[] {
  const sorted = [...ranges].sort((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0));
  const joins: TimeRange[] = [];
  for (const range of sorted) {
    const last = joins.at(-1);
    if (last === undefined || range.fromNs > last.toNs) joins.push(range);
    else if (range.toNs > last.toNs) joins[joins.length - 1] = { fromNs: last.fromNs, toNs: range.toNs };
  }
  return joins;
}

/** What of `ranges` is further than `marginNs` from all of `covered`; both as `joined` gives them. */
export function uncovered(ranges: readonly TimeRange[], covered: readonly TimeRange[], marginNs: bigint): TimeRange[] {
  const wide = joined(covered.map(({ fromNs, toNs }) => ({ fromNs: fromNs - marginNs, toNs: toNs + marginNs })));
  const left: TimeRange[] = [];
  let next = 0;
  for (const { fromNs, toNs } of ranges) {
    let at = fromNs;
    while (next < wide.length && wide[next].toNs <= at) next++;
    for (let i = next; i < wide.length && wide[i].fromNs < toNs; i++) {
      if (wide[i].fromNs > at) left.push({ fromNs: at, toNs: wide[i].fromNs });
      if (wide[i].toNs > at) at = wide[i].toNs;
    }
    if (at < toNs) left.push({ fromNs: at, toNs });
  }
  return left;
}
