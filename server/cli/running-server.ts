import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError } from '../base/errors.ts';
import { CONTROL_SOCKET, type SnapshotReply } from '../http/control-server.ts';

export interface HeldSnapshot {
  /** A folder with the history as it stood. */
  readonly path: string;
  /** Lets the server remove it. */
  release(): void;
}

/**
 * Asks the server that runs on a storage directory for a snapshot of its
 * history; `undefined` where none runs. The server removes it when it is
 * released, also when this process dies. Throws `STORAGE_FAILED`.
 */
export async function requestSnapshot(directory: string): Promise<HeldSnapshot | undefined> {
  const socketPath = join(directory, CONTROL_SOCKET);
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/snapshot', method: 'POST' });
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else
        reject(
          new AppError('STORAGE_FAILED', `cannot ask the server at ${socketPath}: ${error.message}`, { cause: error }),
        );
    });
    asked.once('response', (response) => {
      const lines = createInterface(response);
      lines.on('error', () => undefined); // it ends with the connection, which is how it is released
      lines.once('close', () =>
        reject(new AppError('STORAGE_FAILED', 'the server ended before it had made a snapshot')),
      );
      lines.once('line', (line) => {
        const reply = JSON.parse(line) as SnapshotReply;
        if ('path' in reply) resolve({ path: reply.path, release: () => asked.destroy() });
        else reject(new AppError('STORAGE_FAILED', `the server cannot make a snapshot: ${reply.problem}`));
      });
    });
    asked.end();
  });
}
