const FIRST_MS = 1000;
export const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait after so many tries that failed, ms: twice as long each time,
 * 1 s … 5 min, less up to a half by `chance` (0 … 1), so that not all who failed
 * together come back together.
 */
export function backOffMs(tries: number, chance: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 30)) * (1 - chance / 2);
}
