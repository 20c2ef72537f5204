const FIRST_MS = 250;
const LONGEST_MS = 5000;

/**
 * How long to wait before connection attempt `attempt` (0 is the first after
 * a loss): doubling up to 5 s, of which a random half is taken off, so that a
 * thousand viewers of a restarted server do not come back in one instant.
 */
export function backOffMs(attempt: number, random: number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return fullMs * (1 - random / 2);
}
