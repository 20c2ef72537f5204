import { readFileSync } from 'node:fs';

/**
 * CPU time another process has used, ms. Linux counts in ticks of 10 ms;
 * elsewhere a bench has no way to look into another process, and this throws.
 */
export function processCpuMs(pid: number): number {
  const fields = readStat(String(pid));
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** CPU time that processes which this one started and which have ended used, ms; Linux alone, as `processCpuMs`. */
export function endedChildrenCpuMs(): number {
  const fields = readStat('self');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

const TICK_MS = 10;

function readStat(process: string): string[] {
  return readFileSync(`/proc/${process}/stat`, 'utf8').split(') ')[1].split(' ');
}
