import { constants, openSync } from 'node:fs';
import { isatty } from 'node:tty';

const TERMINAL = '/proc/self/fd/1';

/**
 * The number of a file that is standard output and, where its reader stands
 * still, refuses what is written rather than waits: a write that waits keeps
 * the process from ending.
 */
export function openStandardOutput(): number {
  if (!isatty(1)) {
    void process.stdout; // Node opens it then, which makes a pipe or a socket refuse; files never wait
    return 1;
  }
  try {
    // Of its own, since Node makes a terminal wait, and one that Ctrl-S holds does so for good.
    return openSync(TERMINAL, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 1; // no such way on this system: Ctrl-S delays the end of the process, and nothing else
  }
}
