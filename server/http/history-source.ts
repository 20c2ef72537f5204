import type {
  DiagnosisCount,
  DiagnosisHistory,
  DiagnosisMixRequest,
  DiagnosisPage,
  DiagnosisPageRequest,
  DiagnosisRequest,
  StoredDiagnosis,
} from '../trend/diagnosis-history.ts';
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
  /** Rejects with `HISTORY_BUSY` or `HISTORY_FAILED`, as the next three do; of `signal` as `query`. */
  diagnoses(request: DiagnosisRequest, signal: AbortSignal): Promise<DiagnosisHistory>;
  /** Undefined where none that is kept speaks for the moment. */
  diagnosisAt(channel: string, timeNs: bigint, signal: AbortSignal): Promise<StoredDiagnosis | undefined>;
  diagnosisPage(request: DiagnosisPageRequest, signal: AbortSignal): Promise<DiagnosisPage>;
  diagnosisMix(request: DiagnosisMixRequest, signal: AbortSignal): Promise<readonly DiagnosisCount[]>;
}
