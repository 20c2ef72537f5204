import { ERROR_STATUS } from '../base/errors.ts';
import { DIAGNOSIS_COLUMNS } from '../wire/diagnosis-history.ts';
import { ARROW_TYPE, HISTORY_COLUMNS } from '../wire/history.ts';
import { CHANNEL_NAME } from '../wire/names.ts';
import { CaptureBody, CaptureQuery, DownloadQuery } from './capture-requests.ts';
import { DEFAULT_COLUMNS } from './history-query.ts';
import { listAlarmOperations } from './openapi-alarms.ts';
import { listBoardOperations } from './openapi-boards.ts';
import { listDefinitionOperations } from './openapi-definitions.ts';
import { listJournalOperations } from './openapi-journal.ts';
import { listModelOperations } from './openapi-models.ts';
import {
  BYTES,
  fromSchema,
  inPath,
  inQuery,
  type Json,
  json,
  OBJECT,
  type Operation,
  schemaOf,
  UNCHANGED,
} from './openapi-parts.ts';
import { listPushOperations } from './openapi-push.ts';
import { listSessionOperations } from './openapi-session.ts';
import { REPLIES } from './reply-schemas.ts';

const MEANINGS: Readonly<Record<number, string>> = {
  200: 'Success.',
  201: 'Made.',
  204: 'Done, or there is none.',
  206: 'The range that was asked for.',
  304: 'It is as the client has it.',
  503: 'A part does not work.',
};
/** What the schema of a query does not say. */
const CAPTURE_QUERY = {
  from: 'The recording has time in common with `from` … `to`: its segments, or what was asked for while it has none.',
  to: 'Not before `from`, or there is nothing in common.',
  before: 'Only what stands below the last one of the page before.',
};
const TIME = 'ms since 1970 UTC, with fractions, or ISO 8601 in UTC such as 2026-11-21T13:30:00Z';
const INTERNAL = 500;

/** The API as an OpenAPI 3.1 document. */
export function describeApi(version: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Fenestra', version, description: 'Real-time monitoring of fast sensors.' },
    paths: mapValues(listOperations(), (methods) => mapValues(methods, (operation) => describe(operation))),
    components: { schemas: mapValues(REPLIES, (schema) => schemaOf(schema)) },
  };
}

/** Every operation there is, by path and method. `/api/live` is a WebSocket, which OpenAPI cannot describe. */
function listOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const channelId = inPath('channel', { type: 'string', pattern: CHANNEL_NAME.source });
  const captureId = inPath('id', { type: 'string' });
  const begin = moment('from', TIME);
  const range = [begin, moment('to', 'as from; not included')];
  const past = ['RATE_LIMITED', 'HISTORY_BUSY', 'HISTORY_FAILED'] as const;
  const capture = [
    'REQUEST_INVALID',
    'CAPTURE_UNKNOWN',
    'CAPTURE_DAMAGED',
    'RATE_LIMITED',
    'CAPTURE_BUSY',
    'STORAGE_FAILED',
  ] as const;
  const download = Object.fromEntries(
    ['application/x-tar', 'audio/wav', 'application/octet-stream'].map((type) => [
      type,
      BYTES['application/octet-stream'],
    ]),
  );
  return {
    '/healthz': {
      get: {
        summary: 'Whether every part works; 503 with the reasons where one does not.',
        answers: { 200: json('HealthReply'), ...UNCHANGED, 503: json('HealthReply') },
      },
    },
    '/metrics': {
      get: {
        summary: 'All figures for Prometheus.',
        answers: { 200: { 'text/plain': { schema: { type: 'string' } } }, ...UNCHANGED },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/openapi.json': {
      get: {
        summary: 'This description.',
        answers: { 200: OBJECT, ...UNCHANGED },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/system': {
      get: {
        summary: 'Load, and the account of every sample.',
        answers: { 200: json('SystemReply'), ...UNCHANGED },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/channels': {
      get: {
        summary: 'Every channel that is live or has a history.',
        answers: { 200: json('ChannelsReply'), ...UNCHANGED },
        errors: ['RATE_LIMITED', 'HISTORY_BUSY'],
      },
    },
    '/api/channels/{channel}/history': {
      get: {
        summary: 'A range of the past of a channel, as rows as fine as the columns allow.',
        parameters: [
          channelId,
          ...range,
          columns(HISTORY_COLUMNS, 'the most rows of the answer'),
          inQuery(
            'format',
            { type: 'string', enum: ['json', 'arrow'] },
            'where it is left out, the Accept header decides',
          ),
        ],
        answers: {
          200: { ...json('HistoryReply'), [ARROW_TYPE]: { schema: { type: 'string', format: 'binary' } } },
          ...UNCHANGED,
        },
        errors: ['REQUEST_INVALID', 'CHANNEL_UNKNOWN', ...past],
      },
    },
    '/api/channels/{channel}/diagnoses': {
      get: {
        summary: 'A range of the diagnoses of a channel, as spans, or buckets where there are more spans than columns.',
        parameters: [channelId, ...range, columns(DIAGNOSIS_COLUMNS, 'the most spans or buckets of the answer')],
        answers: { 200: json('DiagnosesReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', ...past],
      },
    },
    '/api/channels/{channel}/diagnoses/rows': {
      get: {
        summary:
          'Every diagnosis of the runs of a channel that begin in a range, as `fenestra export diagnoses` writes them.',
        parameters: [channelId, ...range],
        answers: { 200: { 'text/csv': { schema: { type: 'string' } } } },
        errors: ['REQUEST_INVALID', ...past],
      },
    },
    '/api/channels/{channel}/diagnoses/at': {
      get: {
        summary: 'The diagnosis that speaks for a moment, with all that is kept of it.',
        parameters: [channelId, moment('time', TIME)],
        answers: { 200: json('RunDiagnosisReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', 'DIAGNOSIS_UNKNOWN', ...past],
      },
    },
    '/api/diagnoses/mix': {
      get: {
        summary: 'What the runs of all channels came to that ended in a range, which is widened to whole five minutes.',
        parameters: [...range, inQuery('model', { type: 'string' }, 'all models where it is left out')],
        answers: { 200: json('DiagnosisMixReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', ...past],
      },
    },
    '/api/captures': {
      get: {
        summary: 'Recordings, the newest trigger first.',
        parameters: fromSchema(CaptureQuery, CAPTURE_QUERY),
        answers: { 200: json('CapturesReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', 'RATE_LIMITED'],
      },
      post: {
        summary: 'Records a range of raw samples. The answer is a recording also where it is refused.',
        body: { 'application/json': { schema: schemaOf(CaptureBody) } },
        answers: { 201: json('CaptureReply') },
        errors: ['REQUEST_INVALID', 'SECRET_REQUIRED', 'CHANNEL_UNKNOWN', 'RATE_LIMITED', 'STORAGE_FAILED'],
      },
    },
    '/api/captures/{id}': {
      get: {
        summary: 'One recording.',
        parameters: [captureId],
        answers: { 200: json('CaptureReply'), ...UNCHANGED },
        errors: ['REQUEST_INVALID', 'CAPTURE_UNKNOWN', 'RATE_LIMITED'],
      },
      delete: {
        summary: 'Removes a recording with its files; one under way is stopped, and nothing of it is kept.',
        parameters: [captureId],
        answers: { 204: {} },
        errors: ['REQUEST_INVALID', 'SECRET_REQUIRED', 'CAPTURE_UNKNOWN', 'RATE_LIMITED', 'STORAGE_FAILED'],
      },
    },
    '/api/captures/{id}/data': {
      get: {
        summary: 'Its samples as in the SigMF data file; ranges can be asked for.',
        parameters: [captureId],
        answers: { 200: BYTES, 206: BYTES, ...UNCHANGED },
        errors: [...capture, 'RANGE_INVALID'],
      },
    },
    '/api/captures/{id}/overview': {
      get: {
        summary:
          'Minimum and maximum of its samples, then mean, m2 and counts, level by level; ranges can be asked for.',
        parameters: [captureId],
        answers: { 200: BYTES, 206: BYTES, ...UNCHANGED },
        errors: [...capture, 'RANGE_INVALID'],
      },
    },
    '/api/captures/{id}/meta': {
      get: {
        summary:
          'Its SigMF metadata, with what triggered it and what the device said of its samples; ranges can be asked for.',
        parameters: [captureId],
        answers: { 200: OBJECT, 206: OBJECT, ...UNCHANGED },
        errors: [...capture, 'RANGE_INVALID'],
      },
    },
    '/api/captures/{id}/download': {
      get: {
        summary: 'A recording as a file: a SigMF archive, WAV or NPY.',
        parameters: [captureId, ...fromSchema(DownloadQuery)],
        answers: { 200: download },
        errors: capture,
      },
    },
    ...listJournalOperations(),
    ...listModelOperations(),
    ...listDefinitionOperations(), // before `/api/alarms/{tag}`, as the routes
    ...listAlarmOperations(),
    ...listBoardOperations(),
    ...listPushOperations(),
    ...listSessionOperations(),
  };
}

function describe({ summary, parameters, body, answers, errors = [] }: Operation): Json {
  const codes = new Map<number, string[]>([[INTERNAL, ['INTERNAL']]]);
  for (const code of [...errors, 'HOST_REFUSED', 'ORIGIN_REFUSED'] as const) {
    codes.set(ERROR_STATUS[code], [...(codes.get(ERROR_STATUS[code]) ?? []), code]);
  }
  return {
    summary,
    ...(parameters && { parameters }),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: {
      ...mapValues(answers, (content, status) => ({
        description: MEANINGS[Number(status)],
        ...(Object.keys(content).length > 0 && { content }),
      })),
      ...Object.fromEntries(
        [...codes].map(([status, names]) => [status, { description: names.join(', '), content: json('Problem') }]),
      ),
    },
  };
}

function moment(name: string, description: string): Json {
  return inQuery(name, { type: 'string' }, description, { required: true });
}

function columns(maximum: number, description: string): Json {
  return inQuery('columns', { type: 'integer', minimum: 1, maximum, default: DEFAULT_COLUMNS }, description);
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  to: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value, key)]));
}
