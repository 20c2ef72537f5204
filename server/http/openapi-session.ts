import { json, type Operation, schemaOf } from './openapi-parts.ts';
import { SessionBody } from './session-schemas.ts';

/** The operations of sessions, by path and method. */
export function listSessionOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const shared = { answers: { 200: json('SessionReply') } };
  return {
    '/api/session': {
      get: {
        ...shared,
        summary: 'Whether who asks may act. Moves the end of the session.',
        answers: { ...shared.answers, 304: {} },
        errors: ['RATE_LIMITED'],
      },
      post: {
        ...shared,
        summary: 'Begins a session, kept in a cookie, for who gives the operator secret.',
        body: { 'application/json': { schema: schemaOf(SessionBody) } },
        errors: ['REQUEST_INVALID', 'SECRET_WRONG', 'RATE_LIMITED'],
      },
      delete: { ...shared, summary: 'Ends the session.', errors: ['RATE_LIMITED'] },
    },
  };
}
