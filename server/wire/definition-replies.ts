// What REST asks and answers of the definitions of alarms, as JSON.

import type { AlarmDefinition, WholeDefinition } from './alarm-definitions.ts';
import type { DefinitionFault } from './definition-faults.ts';

/** `GET /api/alarms/definitions` */
export interface DefinitionsReply {
  /** By identifier. */
  readonly definitions: readonly DefinitionReply[];
  /** Of the set as it is kept: none, unless a later Fenestra finds wrong what an earlier one took. */
  readonly faults: readonly DefinitionFault[];
  /** Names of the channels that there are, which patterns may fit. */
  readonly channels: readonly string[];
}

/** A definition as it is kept now. */
export interface DefinitionReply extends DefinitionMark {
  readonly definition: AlarmDefinition;
  /** With what it inherits; left out of a template that lacks something. */
  readonly whole?: WholeDefinition;
  /** Alarms that it makes of the channels there are: none of a template. */
  readonly alarms: number;
  /** What may be a mistake of it. */
  readonly warnings: readonly DefinitionFault[];
}

/** Which version of a definition, and who made it. */
export interface DefinitionMark {
  /** From 1; a definition that was removed and made again counts on. */
  readonly version: number;
  readonly by: string;
  /** Server clock, ms since 1970 UTC. */
  readonly atMs: number;
  readonly comment?: string;
}

/** A version of a definition; without the definition where it was removed. */
export interface DefinitionVersion extends DefinitionMark {
  readonly definition?: AlarmDefinition;
}

/** `GET /api/alarms/definitions/:id/history`, the newest first; the oldest of very many are dropped. */
export interface DefinitionHistoryReply {
  readonly id: string;
  readonly versions: readonly DefinitionVersion[];
}

/** `PUT /api/alarms/definitions/:id` */
export interface DefinitionPut {
  /** The version that was edited; 0 for a new one. */
  readonly expectedVersion: number;
  readonly definition: object;
  readonly comment?: string | undefined;
}

/** `DELETE /api/alarms/definitions/:id?expectedVersion&comment` */
export interface DefinitionRemoval {
  readonly expectedVersion: number;
  readonly comment?: string | undefined;
}

/** Details of `VERSION_CONFLICT`: what is there; nothing where it was removed, or never there. */
export interface DefinitionConflict {
  readonly current?: DefinitionVersion;
}

/** Details of `DEFINITION_INVALID`. */
export interface InvalidDefinitions {
  readonly faults: readonly DefinitionFault[];
}

/** `POST /api/alarms/definitions/import?dryRun&replace&comment`: what it came to, or would come to. All by identifier. */
export interface ImportReply {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
  /** Those that the file does not have, where it replaces all. */
  readonly removed: readonly string[];
  /** What may be a mistake in what it comes to. */
  readonly warnings: readonly DefinitionFault[];
}
