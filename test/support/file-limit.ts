import { spawnSync } from 'node:child_process';

/** Lets no file of this process grow past so many bytes, as on a disk that is full; `undefined` lifts it. Needs prlimit. */
export function limitFiles(bytes: number | undefined): void {
  const { status, stderr } = spawnSync('prlimit', [
    `--pid=${process.pid}`,
    `--fsize=${bytes ?? 'unlimited'}:unlimited`,
  ]);
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}
