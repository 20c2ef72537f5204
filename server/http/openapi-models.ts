import { MODEL_NAME } from '../wire/names.ts';
import { CardQuery, ParityBody, SwapBody } from './model-routes.ts';
import {
  BYTES,
  fromSchema,
  inPath,
  type Json,
  json,
  OBJECT,
  type Operation,
  schemaOf,
  UNCHANGED,
} from './openapi-parts.ts';

/** The operations of models, by path and method. A manifest and a report are as the files of a model's folder. */
export function listModelOperations(): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const shared = {
    parameters: [inPath('name', { type: 'string', pattern: MODEL_NAME.source })],
    errors: ['REQUEST_INVALID', 'MODEL_UNKNOWN', 'RATE_LIMITED'] as const,
  };
  const changed = {
    parameters: shared.parameters,
    answers: { 200: json('ModelsReply') },
    errors: [...shared.errors, 'SECRET_REQUIRED', 'MODEL_UNFIT'] as const,
  };
  const paper = (summary: string, content: Json, query: readonly Json[] = []) => ({
    get: {
      ...shared,
      parameters: [...shared.parameters, ...query],
      summary,
      answers: { 200: content, 204: {}, ...UNCHANGED },
    },
  });
  return {
    '/api/models': {
      get: {
        summary: 'Every model that channels ask for or that lies in the models’ directory, and how all do.',
        answers: { 200: json('ModelsReply'), ...UNCHANGED },
        errors: ['RATE_LIMITED'],
      },
    },
    '/api/models/{name}': {
      get: { ...shared, summary: 'Its manifest.', answers: { 200: OBJECT, ...UNCHANGED } },
    },
    '/api/models/{name}/report': paper('How it was made and what it is worth, if that is known.', OBJECT),
    '/api/models/{name}/examples': paper('Runs that stand for each class, if there are any.', OBJECT),
    '/api/models/{name}/card': paper(
      'What a person must know of it, in Markdown, if there is a card.',
      { 'text/markdown': { schema: { type: 'string' } } },
      fromSchema(CardQuery),
    ),
    '/api/models/{name}/onnx': {
      get: {
        ...shared,
        summary: 'Its graph.',
        answers: { 200: BYTES, ...UNCHANGED },
        errors: [...shared.errors, 'MODEL_UNFIT'],
      },
    },
    '/api/models/{name}/swap': {
      post: {
        ...changed,
        summary: 'Checks the model in a folder of the models’ directory, and uses it from the next run on.',
        body: { 'application/json': { schema: schemaOf(SwapBody) } },
      },
    },
    '/api/models/{name}/parity': {
      post: {
        parameters: shared.parameters,
        summary: 'Compares what the model said of runs on a page with what it said of them here.',
        body: { 'application/json': { schema: schemaOf(ParityBody) } },
        answers: { 200: json('ParityReply') },
        errors: shared.errors,
      },
    },
    '/api/models/{name}/roll-back': { post: { ...changed, summary: 'Uses the version of before again.' } },
  };
}
