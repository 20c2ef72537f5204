import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { type StoredDocument, VersionedStore } from '../durable/versioned-store.ts';
import { AlarmDefinition, DEFINITION_LIMIT, type WholeDefinition } from '../wire/alarm-definitions.ts';
import type {
  DefinitionConflict,
  DefinitionHistoryReply,
  DefinitionPut,
  DefinitionRemoval,
  DefinitionReply,
  DefinitionsReply,
  DefinitionVersion,
  ImportReply,
} from '../wire/definition-replies.ts';
import { alarmsOf, alarmsOfOne } from './definition-alarms.ts';
import {
  changed,
  compareImport,
  type DefinitionChange,
  type Definitions,
  invalid,
  refuse,
  resolveChanged,
} from './definition-changes.ts';
import { placeFaults, readDefinitionFile, writeDefinitionFile } from './definition-file.ts';
import { type ResolvedDefinitions, resolveDefinitions } from './definition-resolution.ts';
import { readDefinition } from './definition-schema-faults.ts';
import { definitionWarnings, type KnownChannels, NO_CHANNELS } from './definition-warnings.ts';

export interface DefinitionStoreOptions {
  /** Made where it is not there. Whoever opens the store holds the lock of the storage folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** What a store that has never held anything begins with. */
  readonly first: () => readonly FirstFile[];
}

export interface FirstFile {
  /** For messages. */
  readonly name: string;
  /** TOML. */
  readonly text: string;
}

export interface DefinitionImport {
  /** TOML. */
  readonly text: string;
  /** Whether what the file does not have goes. */
  readonly replace: boolean;
  /** Whether nothing is changed, and only said what would be. */
  readonly dryRun: boolean;
  readonly by: string;
  readonly comment?: string | undefined;
}

// Every change, also that of all at once, is one append of the store.
const MOST = { documents: DEFINITION_LIMIT, bytes: 3 << 20 };
const RETRY_MS = 5000;
/** Who makes what nobody made. */
const NOBODY = 'Fenestra';

/**
 * The definitions of alarms: the one truth. Changes come one after the other,
 * each whole or not at all, and resolve when they are on the disk; they reject
 * with `DEFINITION_INVALID`, `VERSION_CONFLICT` or `STORAGE_FAILED`.
 */
export class DefinitionStore {
  readonly #store: VersionedStore<AlarmDefinition>;
  readonly #onChange = new Set<() => void>();
  #resolved: ResolvedDefinitions;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #retrying: NodeJS.Timeout;

  /** Rejects with `STORAGE_FAILED`, and with `DEFINITION_INVALID` where a first file has faults. */
  static async open({ folder, clock, log, first }: DefinitionStoreOptions): Promise<DefinitionStore> {
    const parse = (json: unknown) => AlarmDefinition.parse(json);
    const documents = await VersionedStore.open({ folder, log, clock, parse, most: MOST });
    const store = new DefinitionStore(documents);
    try {
      if (documents.status().log?.records === 0) await store.#begin(first(), log);
    } catch (error) {
      await store.close();
      throw error;
    }
    for (const { id, message } of store.#resolved.faults)
      log.error({ id }, `a definition of alarms is wrong: ${message}`);
    return store;
  }

  private constructor(store: VersionedStore<AlarmDefinition>) {
    this.#store = store;
    this.#resolved = resolveDefinitions([...this.#definitions().values()]);
    this.#retrying = setInterval(() => void this.#store.retry(), RETRY_MS);
    this.#retrying.unref();
  }

  /** What the definitions come to. */
  get resolved(): ResolvedDefinitions {
    return this.#resolved;
  }

  /** Told after every change; returns its undo. */
  subscribe(listener: () => void): () => void {
    this.#onChange.add(listener);
    return () => this.#onChange.delete(listener);
  }

  /** All there are, with the number of alarms that each makes of these channels, and what may be a mistake. */
  list(channels: KnownChannels): DefinitionsReply {
    const { whole, faults } = this.#resolved;
    const counts = new Map<string, number>();
    for (const { definition } of alarmsOf(whole, channels.names)) {
      counts.set(definition.id, (counts.get(definition.id) ?? 0) + 1);
    }
    const byId = new Map(whole.map((one) => [one.id, one]));
    const all = definitionWarnings(whole, channels);
    const definitions = this.#store.list().map((stored): DefinitionReply => {
      const { key } = stored;
      const warnings = all.filter(({ id }) => id === key);
      return replyOf(stored, byId.get(key), { alarms: counts.get(key) ?? 0, warnings });
    });
    const unread = this.#store.unparsed().map(({ key, problem }) => {
      return { code: 'FORM', id: key, path: '', message: `${key} cannot be read: ${problem}` } as const;
    });
    return { definitions, faults: [...unread, ...faults], channels: channels.names };
  }

  /** One of them, as `list` has it. */
  find(id: string, channels: KnownChannels): DefinitionReply | undefined {
    const stored = this.#store.get(id);
    const { whole } = this.#resolved;
    const found = whole.find((one) => one.id === id);
    const warnings = definitionWarnings(whole, channels).filter((warning) => warning.id === id);
    return stored && replyOf(stored, found, { alarms: alarmsOfOne(id, whole, channels.names).length, warnings });
  }

  /** Rejects with `DEFINITION_UNKNOWN`. */
  async history(id: string): Promise<DefinitionHistoryReply> {
    const versions = (await this.#store.history(id)).map((stored): DefinitionVersion => {
      const read = stored.document === undefined ? undefined : AlarmDefinition.safeParse(stored.document).data;
      return { ...markOf(stored), ...(read && { definition: read }) };
    });
    if (versions.length === 0) throw unknown(id);
    return { id, versions };
  }

  /** Takes a definition that somebody edited; resolves to its version. */
  async put(id: string, { expectedVersion, definition, comment }: DefinitionPut, by: string): Promise<number> {
    const read = soundOf(readDefinition({ ...definition, id }));
    return this.#inTurn(async () => {
      const [version] = await this.#change([{ id, definition: read }], [expectedVersion], { by, comment });
      return version;
    });
  }

  /** Rejects with `DEFINITION_UNKNOWN`. */
  async remove(id: string, { expectedVersion, comment }: DefinitionRemoval, by: string): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#store.get(id) === undefined) throw unknown(id);
      await this.#change([{ id }], [expectedVersion], { by, comment });
    });
  }

  /** Takes all of a file, or nothing. */
  importFile({ text, replace, dryRun, by, comment }: DefinitionImport): Promise<ImportReply> {
    return this.#inTurn(async () => {
      const file = readDefinitionFile(text);
      refuse(file.faults);
      const { reply, changes } = compareImport(this.#definitions(), file.definitions, replace ? 'all' : 'none');
      const { whole } = this.#placed(text, () => this.#resolve(changes));
      const versions = changes.map(({ id }) => this.#store.get(id)?.version ?? 0);
      if (!dryRun && changes.length > 0) await this.#change(changes, versions, { by, comment });
      return { ...reply, warnings: placeFaults(definitionWarnings(whole, NO_CHANNELS), text) };
    });
  }

  /** All there are, as a file that comes to the same. */
  exportFile(): string {
    return writeDefinitionFile([...this.#definitions().values()]);
  }

  /** Why changes cannot be kept; absent where they can, tried again every few seconds. */
  get problem(): string | undefined {
    return this.#store.status().problem;
  }

  /** Resolves when all changes are on the disk. */
  async close(): Promise<void> {
    clearInterval(this.#retrying);
    await this.#turn;
    await this.#store.close();
  }

  async #begin(files: readonly FirstFile[], log: Logger): Promise<void> {
    const read = files.flatMap(({ name, text }) => {
      const { definitions, faults } = readDefinitionFile(text);
      refuse(faults.map((fault) => ({ ...fault, message: `${name}: ${fault.message}` })));
      return definitions;
    });
    const changes = read.map((definition) => ({ id: definition.id, definition }));
    const comment = files.map(({ name }) => name).join(', ');
    refuse(resolveDefinitions(read).faults);
    if (changes.length > 0)
      await this.#change(
        changes,
        changes.map(() => 0),
        { by: NOBODY, comment },
      );
    log.info({ definitions: changes.length, from: comment }, 'the first definitions of alarms are imported');
  }

  /** Resolves to the versions of the changes. */
  async #change(
    changes: readonly DefinitionChange[],
    expected: readonly number[],
    author: { readonly by: string; readonly comment?: string | undefined },
  ): Promise<number[]> {
    this.#expect(changes, expected);
    const resolved = this.#resolve(changes);
    const versions = await this.#store.change(
      changes.map(({ id, definition }, n) => ({ key: id, document: definition, expectedVersion: expected[n] })),
      author,
    );
    this.#resolved = resolved;
    for (const listener of this.#onChange) listener();
    return versions;
  }

  // Before the rules: who edits an old version is told of the new one first.
  #expect(changes: readonly DefinitionChange[], expected: readonly number[]): void {
    for (const [n, { id }] of changes.entries()) {
      const stored = this.#store.get(id);
      const version = stored?.version ?? 0;
      if (version === expected[n]) continue;
      const current = stored && { ...markOf(stored), definition: stored.document };
      throw new AppError('VERSION_CONFLICT', `${id} is at version ${version}, expected ${expected[n]}`, {
        details: { ...(current && { current }) } satisfies DefinitionConflict,
      });
    }
  }

  #resolve(changes: readonly DefinitionChange[]): ResolvedDefinitions {
    return resolveChanged(this.#resolved, changed(this.#definitions(), changes));
  }

  /** Adds to what is refused in which line of a file it is. */
  #placed<R>(text: string, act: () => R): R {
    try {
      return act();
    } catch (error) {
      if (error instanceof AppError && error.code === 'DEFINITION_INVALID') {
        const { faults } = error.details as { faults: Parameters<typeof placeFaults>[0] };
        refuse(placeFaults(faults, text));
      }
      throw error;
    }
  }

  #definitions(): Definitions {
    return new Map(this.#store.list().map(({ key, document }) => [key, document]));
  }

  #inTurn<R>(action: () => Promise<R>): Promise<R> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined); // told to who asked for it
    return result;
  }
}

function markOf({ version, by, atMs, comment }: Pick<StoredDocument<unknown>, 'version' | 'by' | 'atMs' | 'comment'>) {
  return { version, by, atMs, ...(comment === undefined ? {} : { comment }) };
}

function replyOf(
  stored: StoredDocument<AlarmDefinition>,
  whole: WholeDefinition | undefined,
  more: Pick<DefinitionReply, 'alarms' | 'warnings'>,
): DefinitionReply {
  return { ...markOf(stored), definition: stored.document, ...(whole && { whole }), ...more };
}

function soundOf(read: ReturnType<typeof readDefinition>): AlarmDefinition {
  if ('definition' in read) return read.definition;
  throw invalid(read.faults);
}

function unknown(id: string): AppError {
  return new AppError('DEFINITION_UNKNOWN', `there is no definition ${id}`);
}
