import type {
  DefinitionHistoryReply,
  DefinitionPut,
  DefinitionRemoval,
  DefinitionReply,
  DefinitionsReply,
  ImportReply,
} from '../wire/definition-replies.ts';

/** How a file of definitions is imported. */
export interface ImportOrder {
  /** TOML. */
  readonly text: string;
  /** Whether what the file does not have goes. */
  readonly replace: boolean;
  /** Whether nothing is changed, and only said what would be. */
  readonly dryRun: boolean;
  readonly by: string;
  readonly comment?: string | undefined;
}

/**
 * The definitions of alarms. Changes resolve when they are on the disk; they
 * reject with `DEFINITION_INVALID`, with all faults in the details,
 * `VERSION_CONFLICT`, with what is there, and `STORAGE_FAILED`.
 */
export interface DefinitionSource {
  list(): DefinitionsReply;
  find(id: string): DefinitionReply | undefined;
  /** Rejects with `DEFINITION_UNKNOWN`. */
  history(id: string): Promise<DefinitionHistoryReply>;
  /** Resolves to the version that it makes. */
  put(id: string, put: DefinitionPut, by: string): Promise<number>;
  /** Rejects with `DEFINITION_UNKNOWN`. */
  remove(id: string, removal: DefinitionRemoval, by: string): Promise<void>;
  importFile(order: ImportOrder): Promise<ImportReply>;
  /** TOML. */
  exportFile(): string;
}
