/** Where time comes from, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch, with fractions; steps when the system's clock is set. */
  nowMs(): number;
  /** Milliseconds since some start, with fractions; never steps. */
  monotonicMs(): number;
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  monotonicMs: () => performance.now(),
};
