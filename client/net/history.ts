import { type ChannelsReply, HISTORY_COLUMNS, type HistoryReply } from '../../server/wire/history.ts';
import type { Problem } from '../../server/wire/rest.ts';

/** A range of one channel's history, in at most so many rows. */
export interface HistoryQuery {
  readonly channel: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly columns: number;
}

/** The server's refusal: its own code and words, or its status where it gave none. */
export class HistoryError extends Error {
  readonly code: string;

  constructor({ code, message }: Pick<Problem, 'code' | 'message'>) {
    super(message);
    this.name = 'HistoryError';
    this.code = code;
  }
}

/** Asks for rows of a channel. Rejects with `HistoryError` where the server refuses, otherwise as `fetch` does. */
export function fetchHistory(query: HistoryQuery, signal?: AbortSignal, base = ''): Promise<HistoryReply> {
  return ask<HistoryReply>(base + historyPath(query), signal);
}

/** Asks for every channel that is live or has history. Rejects as `fetchHistory`. */
export function fetchChannels(signal?: AbortSignal, base = ''): Promise<ChannelsReply> {
  return ask<ChannelsReply>(`${base}/api/channels`, signal);
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

async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) throw new HistoryError(await problemOf(response));
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<Pick<Problem, 'code' | 'message'>> {
  try {
    const { code, message } = (await response.json()) as Problem;
    return { code: String(code), message: String(message) };
  } catch {
    return { code: String(response.status), message: `status ${response.status}` }; // from something between here and the server
  }
}
