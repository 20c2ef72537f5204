import type {
  DefinitionConflict,
  DefinitionHistoryReply,
  DefinitionPut,
  DefinitionRemoval,
  DefinitionReply,
  DefinitionsReply,
  ImportReply,
  InvalidDefinitions,
} from '../../server/wire/definition-replies.ts';
import { type Fetch, RefusedError, request, requestJson } from './request.ts';

const PATH = '/api/alarms/definitions';

/** Where a file of all definitions is had. */
export const EXPORT_PATH = `${PATH}.toml`;

/** REST of the definitions of alarms. All reject as `requestJson`. */
export class DefinitionClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  list(signal?: AbortSignal): Promise<DefinitionsReply> {
    return requestJson(this.#fetch, PATH, { signal });
  }

  history(id: string): Promise<DefinitionHistoryReply> {
    return requestJson(this.#fetch, `${pathOf(id)}/history`);
  }

  put(id: string, put: DefinitionPut): Promise<DefinitionReply> {
    return requestJson(this.#fetch, pathOf(id), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(put),
    });
  }

  async remove(id: string, { expectedVersion, comment }: DefinitionRemoval): Promise<void> {
    const query = new URLSearchParams({ expectedVersion: String(expectedVersion), ...(comment && { comment }) });
    await request(this.#fetch, `${pathOf(id)}?${query}`, { method: 'DELETE' });
  }

  /** Imports TOML, or only says what it would change. */
  importFile(text: string, how: { readonly replace: boolean; readonly dryRun: boolean }): Promise<ImportReply> {
    const query = new URLSearchParams({ replace: String(how.replace), dryRun: String(how.dryRun) });
    return requestJson(this.#fetch, `${PATH}/import?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/toml' },
      body: text,
    });
  }
}

/** The faults that a change was refused for; none where it was refused for something else. */
export function faultsOf(error: unknown): InvalidDefinitions['faults'] {
  const isOne = error instanceof RefusedError && error.code === 'DEFINITION_INVALID';
  return isOne ? ((error.details as InvalidDefinitions | undefined)?.faults ?? []) : [];
}

/** What is there instead of the version that was changed; undefined where that was not the reason. */
export function conflictOf(error: unknown): DefinitionConflict | undefined {
  const isOne = error instanceof RefusedError && error.code === 'VERSION_CONFLICT';
  return isOne ? ((error.details as DefinitionConflict | undefined) ?? {}) : undefined;
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}
