import { z } from 'zod';
import { ERROR_STATUS, type ErrorCode } from '../base/errors.ts';
import { ARROW_TYPE, HISTORY_COLUMNS } from '../wire/history.ts';
import { CHANNEL_NAME } from '../wire/names.ts';
import { CaptureBody, CaptureQuery, DownloadQuery } from './capture-requests.ts';
import { DEFAULT_COLUMNS } from './history-query.ts';
import { REPLIES } from './reply-schemas.ts';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Json[];
  readonly body?: Json;
  /** Status of success and its media types. */
  readonly success: readonly [status: number, content: Json];
  /** A failure that has a body of its own. */
  readonly failure?: readonly [status: number, content: Json];
  readonly errors?: readonly ErrorCode[];
}

/** The API as an OpenAPI 3.1 document. */
export function describeApi(version: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Fenestra', version, description: 'Real-time monitoring of fast sensors.' },
    paths: mapValues(listOperations(), (methods) => mapValues(methods, describe)),
    components: { schemas: mapValues(REPLIES, schemaOf) },
  };
}

/** Every operation there is, by path and method. `/api/live` is a WebSocket, which OpenAPI cannot describe. */
function listOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const channelId = inPath('channel', { type: 'string', pattern: CHANNEL_NAME.source });
  const captureId = inPath('id', { type: 'string' });
  const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  const download = Object.fromEntries(
    ['application/x-tar', 'audio/wav', 'application/octet-stream'].map((type) => [
      type,
      bytes['application/octet-stream'],
    ]),
  );
  return {
    '/healthz': {
      get: {
        summary: 'Whether every part works; 503 with the reasons where one does not.',
        success: [200, json('HealthReply')],
        failure: [503, json('HealthReply')],
      },
    },
    '/metrics': {
      get: { summary: 'All figures for Prometheus.', success: [200, { 'text/plain': { schema: { type: 'string' } } }] },
    },
    '/api/openapi.json': {
      get: { summary: 'This description.', success: [200, { 'application/json': { schema: { type: 'object' } } }] },
    },
    '/api/system': {
      get: { summary: 'Load, and the account of every sample.', success: [200, json('SystemReply')] },
    },
    '/api/channels': {
      get: { summary: 'Every channel that is live or has a history.', success: [200, json('ChannelsReply')] },
    },
    '/api/channels/{channel}/history': {
      get: {
        summary: 'A range of the past of a channel, as rows as fine as the columns allow.',
        parameters: [
          channelId,
          inQuery(
            'from',
            { type: 'string' },
            'ms since 1970 UTC, with fractions, or ISO 8601 in UTC such as 2026-11-21T13:30:00Z',
            {
              required: true,
            },
          ),
          inQuery('to', { type: 'string' }, 'as from; not included', { required: true }),
          inQuery(
            'columns',
            { type: 'integer', minimum: 1, maximum: HISTORY_COLUMNS, default: DEFAULT_COLUMNS },
            'the most rows of the answer',
          ),
          inQuery(
            'format',
            { type: 'string', enum: ['json', 'arrow'] },
            'where it is left out, the Accept header decides',
          ),
        ],
        success: [200, { ...json('HistoryReply'), [ARROW_TYPE]: { schema: { type: 'string', format: 'binary' } } }],
        errors: ['REQUEST_INVALID', 'CHANNEL_UNKNOWN', 'HISTORY_BUSY'],
      },
    },
    '/api/captures': {
      get: {
        summary: 'Recordings, the newest first.',
        parameters: fromSchema(CaptureQuery),
        success: [200, json('CapturesReply')],
        errors: ['REQUEST_INVALID'],
      },
      post: {
        summary: 'Records a range of raw samples. The answer is a recording also where it is refused.',
        body: { 'application/json': { schema: schemaOf(CaptureBody) } },
        success: [201, json('CaptureReply')],
        errors: ['REQUEST_INVALID', 'CHANNEL_UNKNOWN', 'ORIGIN_REFUSED'],
      },
    },
    '/api/captures/{id}': {
      get: {
        summary: 'One recording.',
        parameters: [captureId],
        success: [200, json('CaptureReply')],
        errors: ['CAPTURE_UNKNOWN'],
      },
    },
    '/api/captures/{id}/data': {
      get: {
        summary: 'Its samples as in the SigMF data file; ranges can be asked for.',
        parameters: [captureId],
        success: [200, bytes],
        errors: ['CAPTURE_UNKNOWN', 'CAPTURE_DAMAGED', 'CAPTURE_BUSY'],
      },
    },
    '/api/captures/{id}/overview': {
      get: {
        summary: 'Minimum and maximum of its samples, level by level; ranges can be asked for.',
        parameters: [captureId],
        success: [200, bytes],
        errors: ['CAPTURE_UNKNOWN', 'CAPTURE_DAMAGED', 'CAPTURE_BUSY'],
      },
    },
    '/api/captures/{id}/download': {
      get: {
        summary: 'A recording as a file: a SigMF archive, WAV or NPY.',
        parameters: [captureId, ...fromSchema(DownloadQuery)],
        success: [200, download],
        errors: ['REQUEST_INVALID', 'CAPTURE_UNKNOWN', 'CAPTURE_DAMAGED', 'CAPTURE_BUSY'],
      },
    },
  };
}

function describe({ summary, parameters, body, success: [status, content], failure, errors = [] }: Operation): Json {
  const failures = [...errors, 'HOST_REFUSED', 'RATE_LIMITED'] as const;
  return {
    summary,
    ...(parameters && { parameters }),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: {
      [status]: { description: 'Success.', content },
      ...(failure && { [failure[0]]: { description: 'Failure.', content: failure[1] } }),
      ...Object.fromEntries(
        [...new Set(failures.map((code) => ERROR_STATUS[code]))].map((failed) => [
          failed,
          {
            description: failures.filter((code) => ERROR_STATUS[code] === failed).join(', '),
            content: json('Problem'),
          },
        ]),
      ),
    },
  };
}

function json(name: keyof typeof REPLIES): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

function inPath(name: string, schema: Json): Json {
  return { name, in: 'path', required: true, schema };
}

function inQuery(name: string, schema: Json, description?: string, more: Json = {}): Json {
  return { name, in: 'query', ...(description !== undefined && { description }), ...more, schema };
}

function fromSchema(schema: z.ZodType): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) =>
    inQuery(name, of, undefined, required.includes(name) ? { required: true } : {}),
  );
}

// As the client writes it; what a check adds in words has no place in a schema.
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function mapValues<From, To>(values: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));
}
