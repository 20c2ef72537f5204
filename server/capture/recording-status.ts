import type { RingStatus } from '../trend/raw-ring.ts';

/** How recording does, as seen from the sensors. Counts are since the start. */
export interface CaptureStatus {
  readonly active: number;
  /** Bytes copied that are not on the disk yet. */
  readonly inFlightBytes: number;
  readonly begun: number;
  readonly refused: number;
  /** Recordings that ended before what was asked of them had come. */
  readonly shortened: number;
  /** Recordings that wait to be confirmed or released. */
  readonly held: number;
  /** Those that nobody did either of in time; they are released. */
  readonly expired: number;
  /** Whether a threshold, an alarm or a diagnosis is not recorded, because people's recordings leave no room. */
  readonly lacksRoom: boolean;
}

/** That, and what raw samples are kept. */
export interface RecordingStatus extends CaptureStatus {
  readonly rings: readonly RingStatus[];
}

export const NOTHING_RECORDED: RecordingStatus = {
  rings: [],
  active: 0,
  inFlightBytes: 0,
  begun: 0,
  refused: 0,
  shortened: 0,
  held: 0,
  expired: 0,
  lacksRoom: false,
};
