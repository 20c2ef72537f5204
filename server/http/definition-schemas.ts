import { z } from 'zod';
import { AlarmDefinition, WholeDefinition } from '../wire/alarm-definitions.ts';
import { DEFINITION_FAULTS, type DefinitionFault } from '../wire/definition-faults.ts';
import type {
  DefinitionHistoryReply,
  DefinitionReply,
  DefinitionsReply,
  DefinitionVersion,
  ImportReply,
} from '../wire/definition-replies.ts';

const mark = {
  version: z.int().min(1),
  by: z.string(),
  atMs: z.number().describe('ms since 1970 UTC'),
  comment: z.string().optional(),
};

const fault = z.strictObject({
  code: z.enum(DEFINITION_FAULTS),
  id: z.string().optional(),
  path: z.string().describe('which part, such as condition.above'),
  line: z.int().optional(),
  found: z.string().optional(),
  expected: z.string().optional(),
  message: z.string(),
}) satisfies z.ZodType<DefinitionFault>;

const version = z.strictObject({
  ...mark,
  definition: AlarmDefinition.optional(),
}) satisfies z.ZodType<DefinitionVersion>;

const definition = z.strictObject({
  ...mark,
  definition: AlarmDefinition,
  whole: WholeDefinition.optional().describe('with what it inherits'),
  alarms: z.int().min(0).describe('how many it makes of the channels there are'),
  warnings: z.array(fault).describe('what may be a mistake of it'),
}) satisfies z.ZodType<DefinitionReply>;

const definitions = z.strictObject({
  definitions: z.array(definition),
  faults: z.array(fault),
  channels: z.array(z.string()),
}) satisfies z.ZodType<DefinitionsReply>;

const definitionHistory = z.strictObject({
  id: z.string(),
  versions: z.array(version),
}) satisfies z.ZodType<DefinitionHistoryReply>;

const ids = z.array(z.string());
const definitionImport = z.strictObject({
  added: ids,
  changed: ids,
  unchanged: ids,
  removed: ids,
  warnings: z.array(fault).describe('what may be a mistake in what it comes to'),
}) satisfies z.ZodType<ImportReply>;

/** What is answered of definitions. */
export const DEFINITION_REPLIES = {
  DefinitionsReply: definitions,
  DefinitionReply: definition,
  DefinitionHistoryReply: definitionHistory,
  ImportReply: definitionImport,
};
