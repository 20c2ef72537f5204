import type { DiagnosisIntakeStatus } from './diagnosis-intake.ts';
import type { QuarantineStatus } from './quarantine.ts';
import type { TierLimits } from './tier-limits.ts';

/** How the history does; counts are since the start. */
export interface HistoryStatus {
  /** `failing` while commits do not go through, `off` where the directory cannot be used at all. */
  readonly state: 'working' | 'failing' | 'off';
  /** Why it does not work, in words. */
  readonly problem?: string;
  /** Windows that are not durable yet. */
  readonly pendingRows: number;
  readonly pendingBytes: number;
  /** Windows given up because they could not be written for too long. */
  readonly givenUpRows: number;
  /** Windows that were given up and may be sent again. */
  readonly holeWindows: number;
  /** Windows that came again and were there already. */
  readonly duplicateRows: number;
  readonly storedRows: number;
  /** Windows stored in the last second. */
  readonly rowsPerSecond: number;
  readonly commits: number;
  readonly failedCommits: number;
  /** Server clock, ms since 1970 UTC; 0 before the first. */
  readonly lastCommitMs: number;
  /** Of the newest commits. */
  readonly commitP50Ms: number;
  readonly commitP99Ms: number;
  /** On the disk as of the last minute: what is sealed, and the rest. */
  readonly sealedBytes: number;
  readonly openBytes: number;
  /** Their sealed files as of the last minute. */
  readonly diagnoses: DiagnosisIntakeStatus & { readonly sealedBytes: number };
  /** How long each tier is kept, the finest first, as of the last minute. */
  readonly tiers: readonly TierLimits[];
  /** Damages, ever: of files, and of windows that no device sends again; the rows that are known to be gone; the damages of which nobody can tell how many are. */
  readonly damagedFiles: number;
  readonly damagedRows: number;
  readonly damagedUncounted: number;
  readonly quarantine: QuarantineStatus;
  /** Files and streams of the catalogue that are remembered for queries, and those that were forgotten for lack of room. */
  readonly rememberedEntries: number;
  readonly forgottenEntries: number;
  /** Why files are not sealed, merged or removed, in words. */
  readonly tidyProblem?: string;
  /** What could not be read within the last minute, and why, in words. */
  readonly readProblem?: string;
  /** Why nothing is removed for its age at present, in words. */
  readonly clockDoubt?: string;
}

/** What the writer knows of it. */
export type WriterStatus = Omit<
  HistoryStatus,
  | 'rowsPerSecond'
  | 'sealedBytes'
  | 'openBytes'
  | 'tiers'
  | 'diagnoses'
  | 'damagedFiles'
  | 'damagedRows'
  | 'damagedUncounted'
  | 'quarantine'
  | 'rememberedEntries'
  | 'forgottenEntries'
  | 'tidyProblem'
  | 'readProblem'
  | 'clockDoubt'
>;

/** What lies on the disk, and what was damaged of it. */
export type DiskUse = Pick<
  HistoryStatus,
  'sealedBytes' | 'openBytes' | 'tiers' | 'damagedFiles' | 'damagedRows' | 'damagedUncounted'
> & {
  /** Of `sealedBytes`. */
  readonly diagnosisBytes: number;
};

export const NOTHING_MEASURED: DiskUse = {
  sealedBytes: 0,
  openBytes: 0,
  tiers: [],
  diagnosisBytes: 0,
  damagedFiles: 0,
  damagedRows: 0,
  damagedUncounted: 0,
};

/** Of a history whose directory cannot be used. */
export function offStatus(problem: string): HistoryStatus {
  const { diagnosisBytes: sealedBytes, ...nothing } = NOTHING_MEASURED;
  return {
    state: 'off',
    problem,
    pendingRows: 0,
    pendingBytes: 0,
    givenUpRows: 0,
    holeWindows: 0,
    duplicateRows: 0,
    storedRows: 0,
    rowsPerSecond: 0,
    commits: 0,
    failedCommits: 0,
    lastCommitMs: 0,
    commitP50Ms: 0,
    commitP99Ms: 0,
    ...nothing,
    diagnoses: { stored: 0, waiting: 0, givenUp: 0, duplicates: 0, sealedBytes },
    quarantine: { cases: 0, bytes: 0, removed: 0 },
    rememberedEntries: 0,
    forgottenEntries: 0,
  };
}
