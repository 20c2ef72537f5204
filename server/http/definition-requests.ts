import { z } from 'zod';
import type { DefinitionPut, DefinitionRemoval } from '../wire/definition-replies.ts';

const COMMENT_CHARACTERS = 500;

const comment = z
  .string()
  .trim()
  .min(1)
  .max(COMMENT_CHARACTERS)
  .regex(/^[^\0\p{Surrogate}]*$/u)
  .optional()
  .describe(`why: text of 1 to ${COMMENT_CHARACTERS} characters`);
const SWITCH = ['true', 'false'] as const;
const isOn = (text: (typeof SWITCH)[number]) => text === 'true';
const VERSION = 'the version that was edited, 0 for one that is not there';

/** The body of `PUT /api/alarms/definitions/:id`. What is wrong with the definition itself is told field by field. */
export const DefinitionBody = z.strictObject({
  expectedVersion: z.int().min(0).describe(VERSION),
  definition: z.looseObject({}).describe('a definition; it may leave its id out'),
  comment,
}) satisfies z.ZodType<DefinitionPut>;

/** The query of `DELETE /api/alarms/definitions/:id`. */
export const RemovalQuery = z.strictObject({
  expectedVersion: z.coerce.number().int().min(1).describe('the version that is to go, from 1'),
  comment,
}) satisfies z.ZodType<DefinitionRemoval>;

/** The query of `POST /api/alarms/definitions/import`. */
export const ImportQuery = z.strictObject({
  dryRun: z.enum(SWITCH).default('false').transform(isOn).describe('true to change nothing and only say what would be'),
  replace: z.enum(SWITCH).default('false').transform(isOn).describe('true to remove what the file does not have'),
  comment,
});
