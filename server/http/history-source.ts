import type { HistoryChannel, HistoryRequest, HistoryRows } from '../trend/history-rows.ts';

/** What the routes of the past ask of the history. */
export interface HistorySource {
  /**
   * Rejects with `CHANNEL_UNKNOWN`, `HISTORY_BUSY` or `HISTORY_FAILED`. Once
   * `signal` aborts, nobody waits for the answer any more.
   */
  query(request: HistoryRequest, signal: AbortSignal): Promise<HistoryRows>;
  /** Rejects with `HISTORY_BUSY` or `HISTORY_FAILED`. */
  channels(): Promise<readonly HistoryChannel[]>;
}
