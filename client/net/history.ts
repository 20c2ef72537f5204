import { DIAGNOSIS_COLUMNS, type DiagnosesReply, type RunDiagnosisReply } from '../../server/wire/diagnosis-history.ts';
import { type ChannelsReply, HISTORY_COLUMNS, type HistoryReply } from '../../server/wire/history.ts';
import { requestJson } from './request.ts';

/** A range of one channel's history, in at most so many rows. */
export interface HistoryQuery {
  readonly channel: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly columns: number;
}

/** Asks for rows of a channel. Rejects as `requestJson`. */
export function fetchHistory(query: HistoryQuery, signal?: AbortSignal, base = ''): Promise<HistoryReply> {
  return requestJson(fetch, base + historyPath(query), { signal });
}

/** Asks for every channel that is live or has history. Rejects as `fetchHistory`. */
export function fetchChannels(signal?: AbortSignal, base = ''): Promise<ChannelsReply> {
  return requestJson(fetch, `${base}/api/channels`, { signal });
}

/** Asks for the diagnoses of a range. Rejects as `fetchHistory`. */
export function fetchDiagnoses(query: HistoryQuery, signal?: AbortSignal, base = ''): Promise<DiagnosesReply> {
  const path = `${base}${channelApi(query.channel)}/diagnoses?${rangeOf(query, DIAGNOSIS_COLUMNS)}`;
  return requestJson(fetch, path, { signal });
}

/** Asks for the diagnosis that speaks for a moment. Rejects as `fetchHistory`. */
export function fetchDiagnosis(channel: string, timeMs: number, signal?: AbortSignal): Promise<RunDiagnosisReply> {
  return requestJson(fetch, `${channelApi(channel)}/diagnoses/at?time=${timeMs}`, { signal });
}

/** Address of every diagnosis of the runs of a channel that begin in a range, as CSV. */
export function diagnosisRowsPath(channel: string, { fromMs, toMs }: Pick<HistoryQuery, 'fromMs' | 'toMs'>): string {
  const parameters = new URLSearchParams({ from: String(fromMs), to: String(toMs) });
  return `${channelApi(channel)}/diagnoses/rows?${parameters}`;
}

/** Address of rows of a channel; as Arrow where that is asked for. */
export function historyPath(query: HistoryQuery, format?: 'arrow'): string {
  const parameters = rangeOf(query, HISTORY_COLUMNS);
  if (format) parameters.set('format', format);
  return `${channelApi(query.channel)}/history?${parameters}`;
}

function channelApi(channel: string): string {
  return `/api/channels/${encodeURIComponent(channel)}`;
}

function rangeOf({ fromMs, toMs, columns }: HistoryQuery, most: number): URLSearchParams {
  const limited = Math.max(1, Math.min(most, Math.ceil(columns)));
  return new URLSearchParams({ from: String(fromMs), to: String(toMs), columns: String(limited) });
}
