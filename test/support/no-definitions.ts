import { AppError } from '../../server/base/errors.ts';
import type { DefinitionSource } from '../../server/http/definition-source.ts';

/** Definitions of a server that has none and keeps none, for tests of other things. */
export function noDefinitions(): DefinitionSource {
  const refuse = async (): Promise<never> => {
    throw new AppError('DEFINITION_UNKNOWN', 'there is no definition');
  };
  return {
    list: () => ({ definitions: [], faults: [], channels: [] }),
    find: () => undefined,
    history: refuse,
    put: refuse,
    remove: refuse,
    importFile: async () => ({ added: [], changed: [], unchanged: [], removed: [], warnings: [] }),
    exportFile: () => '',
  };
}
