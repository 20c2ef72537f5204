/**
 * By how much times may differ that are of one line of time: a window, or a
 * tenth of a row. A sample clock that is corrected all the time would otherwise
 * make a row of each correction. Tiers, sealed files and readers go by it alike.
 */
export function toleranceNs(rowNs: number, windowNs: number): number {
  return Math.max(windowNs, rowNs / 10);
}

/** Whether rows that begin at these times, of `rowNs`, are of one line of time. */
export function isOneLine(a: bigint, b: bigint, { rowNs, windowNs }: { rowNs: number; windowNs: number }): boolean {
  return Math.abs(Number(a - b)) < toleranceNs(rowNs, windowNs);
}
