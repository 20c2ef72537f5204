import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Long work holds the loop for about so long. */
const TURN_MS = 5;

/** Does long work that yields wherever it may be interrupted, a turn of the loop after the other. */
export async function inTurns<R>(work: Generator<void, R>, clock: Pick<Clock, 'monotonicMs'>): Promise<R> {
  for (;;) {
    const untilMs = clock.monotonicMs() + TURN_MS;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (clock.monotonicMs() < untilMs);
    await setImmediate();
  }
}
