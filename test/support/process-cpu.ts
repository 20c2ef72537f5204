import { readFileSync } from 'node:fs';

/**
 * CPU time another process has used, ms. Linux counts in ticks of 10 ms;
 * elsewhere a bench has no way to look into another process, and this throws.
 */
export function processCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
