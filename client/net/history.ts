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

/** Address of rows of a channel; as Arrow where that is asked for. */
export function historyPath(query: HistoryQuery, format?: 'arrow'): string {
  const { channel, fromMs, toMs, columns } = query;
  const parameters = new URLSearchParams({
    from: String(fromMs),
    to: String(toMs),
    columns: String(Math.max(1, Math.min(HISTORY_COLUMNS, Math.ceil(columns)))),
    ...(format && { format }),
  });
  return `/api/channels/${encodeURIComponent(channel)}/history?${parameters}`;
}
