import { BoardBody, BoardRemoval } from './board-schemas.ts';
import { fromSchema, inPath, json, type Operation, schemaOf, UNCHANGED } from './openapi-parts.ts';

/** The operations of the boards of walls, by path and method. */
export function listBoardOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const id = inPath('id', { type: 'string' });
  const change = ['REQUEST_INVALID', 'PERSON_REQUIRED', 'SECRET_REQUIRED', 'RATE_LIMITED', 'METHOD_UNKNOWN'] as const;
  return {
    '/api/boards': {
      get: {
        summary: 'All boards of walls; the default one is always there.',
        answers: { 200: json('BoardsReply'), ...UNCHANGED },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/boards/{id}': {
      get: {
        summary: 'One board.',
        parameters: [id],
        answers: { 200: json('BoardReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', 'BOARD_UNKNOWN', 'RATE_LIMITED'],
      },
      put: {
        summary: 'Makes a version of a board; answered when it is on the disk.',
        parameters: [id],
        body: { 'application/json': { schema: schemaOf(BoardBody) } },
        answers: { 200: json('BoardReply') },
        errors: [...change, 'VERSION_CONFLICT', 'STORAGE_FAILED'],
      },
      delete: {
        summary: 'Removes a board; the default one becomes what the server makes it.',
        parameters: [id, ...fromSchema(BoardRemoval)],
        answers: { 204: {} },
        errors: [...change, 'BOARD_UNKNOWN', 'VERSION_CONFLICT', 'STORAGE_FAILED'],
      },
    },
  };
}
