import { AlarmAction } from '../wire/alarm-actions.ts';
import { AlarmsQuery } from './alarm-routes.ts';
import { fromSchema, inPath, json, type Operation, schemaOf, UNCHANGED } from './openapi-parts.ts';

/** The operations of alarms, by path and method. */
export function listAlarmOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  return {
    '/api/alarms': {
      get: {
        summary: 'The alarms that are not simply normal, or all, and whether there is a flood of them.',
        parameters: fromSchema(AlarmsQuery),
        answers: { 200: json('AlarmsReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', 'RATE_LIMITED'],
      },
    },
    '/api/alarms/{tag}': {
      get: {
        summary: 'One alarm.',
        parameters: [inPath('tag', { type: 'string' })],
        answers: { 200: json('AlarmReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', 'ALARM_UNKNOWN', 'RATE_LIMITED'],
      },
    },
    '/api/alarms/actions': {
      post: {
        summary: 'Does something about alarms, signed by who asks; answered when it is in the journal.',
        body: { 'application/json': { schema: schemaOf(AlarmAction) } },
        answers: { 200: json('ActionReply') },
        errors: ['REQUEST_INVALID', 'PERSON_REQUIRED', 'SECRET_REQUIRED', 'RATE_LIMITED', 'STORAGE_FAILED'],
      },
    },
  };
}
