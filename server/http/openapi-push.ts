import { inPath, json, type Operation, schemaOf, UNCHANGED } from './openapi-parts.ts';
import { PushBody } from './push-schemas.ts';

/** The operations of who is notified, by path and method. */
export function listPushOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const change = ['REQUEST_INVALID', 'PERSON_REQUIRED', 'SECRET_REQUIRED', 'RATE_LIMITED', 'METHOD_UNKNOWN'] as const;
  return {
    '/api/push': {
      get: {
        summary: 'The browsers that are notified of alarms, and the key to subscribe with.',
        answers: { 200: json('PushReply'), ...UNCHANGED },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/push/subscribers': {
      post: {
        summary: 'Notifies a browser from now on; answered when it is on the disk.',
        body: { 'application/json': { schema: schemaOf(PushBody) } },
        answers: { 200: json('SubscriberReply') },
        errors: [...change, 'STORAGE_FAILED'],
      },
    },
    '/api/push/subscribers/{id}': {
      delete: {
        summary: 'Notifies a browser no more.',
        parameters: [inPath('id', { type: 'string' })],
        answers: { 204: {} },
        errors: [...change, 'SUBSCRIBER_UNKNOWN', 'STORAGE_FAILED'],
      },
    },
  };
}
