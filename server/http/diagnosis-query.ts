import { AppError } from '../base/errors.ts';
import type { DiagnosisMixRequest, DiagnosisRequest } from '../trend/diagnosis-history.ts';
import { DIAGNOSIS_COLUMNS } from '../wire/diagnosis-history.ts';
import { checkChannel, checkParameters, invalid, readColumns, readRange, readTime } from './history-query.ts';

type Query = Readonly<Record<string, unknown>>;

/** Characters of a model's name. */
const MODEL = 200;

/** Reads what is asked for; throws `REQUEST_INVALID`, as all of these do. */
export function readDiagnosisQuery(channel: string, query: Query): DiagnosisRequest {
  checkChannel(channel);
  checkParameters(query, 'from, to, columns');
  return { channel, ...readRange(query), columns: readColumns(query.columns, DIAGNOSIS_COLUMNS) };
}

export function readRowsQuery(channel: string, query: Query): Pick<DiagnosisRequest, 'channel' | 'fromNs' | 'toNs'> {
  checkChannel(channel);
  checkParameters(query, 'from, to');
  return { channel, ...readRange(query) };
}

export function readMomentQuery(channel: string, query: Query): { readonly channel: string; readonly timeNs: bigint } {
  checkChannel(channel);
  checkParameters(query, 'time');
  return { channel, timeNs: readTime('time', query.time) };
}

export function readMixQuery(query: Query): DiagnosisMixRequest {
  checkParameters(query, 'from, to, model');
  const { model } = query;
  if (model !== undefined && (typeof model !== 'string' || model === '' || model.length > MODEL)) {
    throw invalid('model', model, `a name of 1 to ${MODEL} characters`);
  }
  return { ...readRange(query), model };
}

export function unknownDiagnosis(channel: string): AppError {
  return new AppError('DIAGNOSIS_UNKNOWN', `no diagnosis of ${channel} that is kept speaks for this moment`);
}
