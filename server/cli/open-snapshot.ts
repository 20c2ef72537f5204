import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { createLog } from '../base/log.ts';
import { loadKernels } from '../compute/load-kernels.ts';
import { OfflineHistory } from '../history/offline-history.ts';
import { dropSnapshot } from '../history/snapshot.ts';
import { refuseUnfinishedRestore } from '../history/unfinished-restore.ts';
import { KERNELS } from '../installed-files.ts';
import { requestSnapshot } from './running-server.ts';

export interface OpenSnapshot {
  /** A folder with a history that nobody writes to. */
  readonly path: string;
  /** May be called twice. */
  close(): Promise<void>;
}

/** The history of a storage directory as it stands: of the server that runs on it, where one does. */
export async function openSnapshot(directory: string): Promise<OpenSnapshot> {
  refuseUnfinishedRestore(directory);
  const held = await requestSnapshot(directory);
  if (held !== undefined) return { path: held.path, close: async () => held.release() };

  const history = await openOffline(join(directory, 'history'));
  try {
    const path = await history.snapshot(`command_${process.pid}`);
    await history.close();
    return { path, close: () => dropSnapshot(path) };
  } catch (error) {
    await history.close();
    throw error;
  }
}

/** Opens a history that no server runs on; makes one where there is none, if that is wanted. Warnings go to standard error. */
export async function openOffline(folder: string, { make = false } = {}): Promise<OfflineHistory> {
  if (make) await mkdir(folder, { recursive: true });
  const log = createLog('history', 'warn', { write: (line) => void process.stderr.write(line) });
  return OfflineHistory.open({ folder, make, clock: systemClock, log, kernels: await loadKernels(KERNELS) });
}
