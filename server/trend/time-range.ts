/** Times that a device may give its samples, ns since 1970 UTC: 1970 … 2260. The last is not included. */
export const SAMPLE_TIMES_NS = [0n, 9_183_110_400_000_000_000n] as const;

// Of windows and rows, which can begin before their first sample: 1678 … 2261, which nanoseconds in 64 bits can
// tell everywhere. DuckDB takes the last day at either end of them for infinite.
const FIRST_NS = -9_214_560_000_000_000_000n;
const LAST_NS = 9_214_646_400_000_000_000n;

/** A time as windows and rows can have it: one beyond either end becomes the end. */
export function heldNs(timeNs: bigint): bigint {
  if (timeNs > LAST_NS) return LAST_NS;
  return timeNs < FIRST_NS ? FIRST_NS : timeNs;
}

/** The end of something that begins at a held time and lasts a while, held likewise. */
export function heldEndNs(endNs: bigint): bigint {
  return heldNs(endNs - 1n) + 1n;
}

/** SQL of a column's times as `heldNs` has them. */
export function heldSql(column: string): string {
  return `least(greatest(${column}, ${FIRST_NS}), ${LAST_NS})`;
}

export function isSampleTime(timeNs: bigint): boolean {
  const [first, end] = SAMPLE_TIMES_NS;
  return timeNs >= first && timeNs < end;
}
