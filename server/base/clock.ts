/** Where time comes from, so that tests can hold it still. */
export interface Clock {
  /** Whole milliseconds since the epoch, the same in every process; steps when the system's clock is set. */
  nowMs(): number;
  /** Milliseconds since some start, with fractions; never steps. */
  monotonicMs(): number;
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  nowMs: () => Date.now(), // timeOrigin + now() would stand still while the machine sleeps
  monotonicMs: () => performance.now(),
};
