import { request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { DefinitionStore } from '../alarms/definition-store.ts';
import { systemClock } from '../base/clock.ts';
import { AppError, ERROR_STATUS, type ErrorCode } from '../base/errors.ts';
import { createLog } from '../base/log.ts';
import { refuseUnfinishedRestore } from '../history/unfinished-restore.ts';
import { CONTROL_SOCKET, type DefinitionOrder, type DefinitionsAnswer } from '../http/control-server.ts';
import type { ImportOrder } from '../http/definition-source.ts';
import type { ImportReply } from '../wire/definition-replies.ts';
import { openOffline } from './open-snapshot.ts';

export interface OpenDefinitions {
  importFile(order: ImportOrder): Promise<ImportReply>;
  exportFile(): Promise<string>;
  close(): Promise<void>;
}

/**
 * The definitions of a storage directory: of the server that runs on it, where
 * one does. Throws `FILE_INVALID` where none has run, and `STORAGE_LOCKED` where
 * one runs that cannot be asked.
 */
export async function openDefinitions(directory: string): Promise<OpenDefinitions> {
  refuseUnfinishedRestore(directory);
  if ((await ask(directory, { kind: 'export' })) !== undefined) return running(directory);

  const lock = await openOffline(join(directory, 'history'));
  try {
    const store = await DefinitionStore.open({
      folder: join(directory, 'alarms', 'definitions'),
      clock: systemClock,
      log: createLog('alarms', 'warn', { write: (line) => void process.stderr.write(line) }),
      first: () => {
        const expected =
          'expected one that a server has begun; alarms.definitions of the settings names what it begins with';
        throw new AppError('FILE_INVALID', `${directory} has no definitions of alarms yet, ${expected}`);
      },
    });
    return {
      importFile: (order) => store.importFile(order),
      exportFile: async () => store.exportFile(),
      close: async () => {
        await store.close();
        await lock.close();
      },
    };
  } catch (error) {
    await lock.close();
    throw error;
  }
}

function running(directory: string): OpenDefinitions {
  const answer = async (order: DefinitionOrder) => {
    const found = await ask(directory, order);
    if (found === undefined) throw new AppError('STORAGE_FAILED', 'the server has ended');
    if ('problem' in found) throw new AppError(codeOf(found.code), found.problem);
    return found;
  };
  return {
    importFile: async (order) => ((await answer({ kind: 'import', ...order })) as { imported: ImportReply }).imported,
    exportFile: async () => ((await answer({ kind: 'export' })) as { text: string }).text,
    close: async () => undefined,
  };
}

/** Asks the server of a storage directory; undefined where none runs. */
function ask(directory: string, order: DefinitionOrder): Promise<DefinitionsAnswer | undefined> {
  const socketPath = join(directory, CONTROL_SOCKET);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        new AppError('STORAGE_FAILED', `cannot ask the server at ${socketPath}: ${error.message}`, { cause: error }),
      );
    const asked = request({ socketPath, path: '/definitions', method: 'POST' });
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else fail(error);
    });
    asked.once('response', (response) => {
      json(response).then((answer) => resolve(answer as DefinitionsAnswer), fail);
    });
    asked.end(JSON.stringify(order));
  });
}

function codeOf(code: string): ErrorCode {
  return code in ERROR_STATUS ? (code as ErrorCode) : 'STORAGE_FAILED';
}
