import { DefinitionBody, ImportQuery, RemovalQuery } from './definition-requests.ts';
import { TOML_TYPE } from './definition-routes.ts';
import { fromSchema, inPath, json, type Operation, schemaOf } from './openapi-parts.ts';

/** The operations of the definitions of alarms, by path and method. */
export function listDefinitionOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const id = inPath('id', { type: 'string' });
  const toml = { [TOML_TYPE]: { schema: { type: 'string' } } };
  const change = ['REQUEST_INVALID', 'PERSON_REQUIRED', 'SECRET_REQUIRED', 'RATE_LIMITED'] as const;
  const refusals = ['DEFINITION_INVALID', 'VERSION_CONFLICT', 'STORAGE_FAILED'] as const;
  return {
    '/api/alarms/definitions': {
      get: {
        summary: 'All definitions of alarms, as they are kept and with what they inherit.',
        answers: { 200: json('DefinitionsReply'), 304: {} },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/alarms/definitions.toml': {
      get: {
        summary: 'The same as a file, which imports to the same.',
        answers: { 200: toml, 304: {} },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/alarms/definitions/import': {
      post: {
        summary: 'Imports a file of definitions, all of it or nothing, or says what that would change.',
        parameters: fromSchema(ImportQuery),
        body: toml,
        answers: { 200: json('ImportReply') },
        errors: [...change, ...refusals],
      },
    },
    '/api/alarms/definitions/{id}': {
      get: {
        summary: 'One definition.',
        parameters: [id],
        answers: { 200: json('DefinitionReply'), 304: {} },
        errors: ['REQUEST_INVALID', 'DEFINITION_UNKNOWN', 'RATE_LIMITED'],
      },
      put: {
        summary: 'Makes a version of a definition; answered when it is on the disk.',
        parameters: [id],
        body: { 'application/json': { schema: schemaOf(DefinitionBody) } },
        answers: { 200: json('DefinitionReply') },
        errors: [...change, 'METHOD_UNKNOWN', ...refusals],
      },
      delete: {
        summary: 'Removes a definition; its versions stay.',
        parameters: [id, ...fromSchema(RemovalQuery)],
        answers: { 204: {} },
        errors: [...change, 'METHOD_UNKNOWN', 'DEFINITION_UNKNOWN', ...refusals],
      },
    },
    '/api/alarms/definitions/{id}/history': {
      get: {
        summary: 'The versions of a definition, the newest first: who made them, when and why.',
        parameters: [id],
        answers: { 200: json('DefinitionHistoryReply'), 304: {} },
        errors: ['REQUEST_INVALID', 'DEFINITION_UNKNOWN', 'STORAGE_FAILED', 'RATE_LIMITED'],
      },
    },
  };
}
