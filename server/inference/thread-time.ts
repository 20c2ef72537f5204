import { readFileSync, readlinkSync } from 'node:fs';

const NS_A_MS = 1e6;

/**
 * The system's number of the thread that asks, by which others read its time;
 * undefined where the system is not Linux.
 */
export function ownThread(): number | undefined {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return undefined;
  }
}

/**
 * How long a thread of this process has run, ms, whatever its machine did
 * beside: time in which it waited for a processor is not in it. Linux counts
 * on at each tick, a few milliseconds apart. Undefined where the system does
 * not tell, or where the thread is gone.
 */
export function threadTimeMs(thread: number | undefined): number | undefined {
  if (thread === undefined) return undefined;
  try {
    const [ranNs] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ');
    return Number(ranNs) > 0 ? Number(ranNs) / NS_A_MS : undefined; // a system that keeps no account says 0 0 0
  } catch {
    return undefined;
  }
}
