import type { LinkTimers } from './hub-link.ts';

/** Time and chance of the machine. */
export const systemTimers: LinkTimers = {
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
