import { AppError } from '../base/errors.ts';
import { readDefinitionFile } from './definition-file.ts';
import { resolveDefinitions } from './definition-resolution.ts';
import type { DefinitionStore, FirstFile } from './definition-store.ts';

/** What is needed of the definitions. */
export type Definitions = Pick<
  DefinitionStore,
  | 'resolved'
  | 'subscribe'
  | 'list'
  | 'find'
  | 'history'
  | 'put'
  | 'remove'
  | 'importFile'
  | 'exportFile'
  | 'problem'
  | 'close'
>;

/** Stand in for a store that is not ours to open: what a new one begins with is watched for, and nothing can be changed. */
export function deadDefinitions(problem: string, first: readonly FirstFile[]): Definitions {
  const refuse = () => Promise.reject(new AppError('STORAGE_FAILED', problem));
  const documents = first.flatMap(({ text }) => readDefinitionFile(text).definitions);
  return {
    resolved: resolveDefinitions(documents),
    problem: undefined, // the journal says the same
    subscribe: () => () => {},
    list: ({ names }) => ({ definitions: [], faults: [], channels: names }),
    find: () => undefined,
    history: refuse,
    put: refuse,
    remove: refuse,
    importFile: refuse,
    exportFile: () => '',
    close: async () => {},
  };
}
