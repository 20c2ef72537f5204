// What REST answers, as JSON. The routes check their own shape against these
// with `satisfies`.

import type { AlarmFiguresReply } from './alarm-figures.ts';
import type { ParityTotals } from './parity.ts';
import type { AccessReply } from './session.ts';

/** Body of every failed request. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}

export interface GapRangeReply {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  readonly timeMs: number;
}

export interface ClockStepReply {
  readonly stream: string;
  readonly from: number;
  readonly timeMs: number;
  readonly stepMs: number;
}

/** The account of one channel; the words are those of the ledger in the raw stream protocol. */
export interface LedgerReply {
  readonly channel: string;
  readonly stream: string;
  readonly live: boolean;
  readonly received: number;
  readonly reduced: number;
  readonly pending: number;
  readonly expected: number;
  readonly missing: number;
  readonly gaps: number;
  readonly duplicate: number;
  readonly late: number;
  readonly discardedBytes: number;
  readonly offBy: number;
  readonly clipped: number;
  readonly nonfinite: number;
  readonly windows: number;
  readonly deviceLost: number;
  readonly sequenceJumps: number;
  readonly reanchored: number;
  readonly stepsRefused: number;
  readonly connections: number;
  readonly streams: number;
  readonly gapRanges: readonly GapRangeReply[];
  readonly clockSteps: readonly ClockStepReply[];
  /** Identities that do not hold, in words: always empty unless there is a bug. */
  readonly imbalances: readonly string[];
}

/** The account of all windows, from where they are made to the bus. */
export interface WindowsReply {
  readonly made: number;
  readonly taken: number;
  readonly waiting: number;
  readonly dropped: number;
  /** As those of a channel. */
  readonly imbalances: readonly string[];
}

/** The last raw samples of the channels, and how recording them does. Counts are since the start. */
export interface RecordingReply {
  /** Of the channels that have samples in memory; `seconds` is how long a full ring lasts. */
  readonly rings: readonly { readonly channel: string; readonly bytes: number; readonly seconds: number }[];
  /** Recordings under way, and bytes of their samples that are not on the disk yet. */
  readonly active: number;
  readonly inFlightBytes: number;
  readonly begun: number;
  readonly refused: number;
  /** Those that ended before what was asked of them had come. */
  readonly shortened: number;
  /** Those that wait to be confirmed by what began them, and how many nobody confirmed or released in time. */
  readonly held: number;
  readonly expired: number;
  /** Requests that read recordings: under way, refused because too many were, cut because nobody took what they sent. */
  readonly reading: number;
  readonly readsRefused: number;
  readonly readsCut: number;
  /** Bytes of recordings on the disk, and how many they may be. */
  readonly bytes: number;
  readonly limitBytes: number;
  /** Recordings that no person had asked for, removed to make room for others. */
  readonly madeRoom: number;
  /** Refused and failed ones that are not on the list any more, because it holds no more of them. */
  readonly forgotten: number;
  /** Whether a threshold, an alarm or a diagnosis is not recorded, because people's recordings leave no room. */
  readonly lacksRoom: boolean;
  /** Recordings on the disk that are not served because they are not as they were recorded. */
  readonly damaged: number;
  /** Why nothing can be recorded, in words. */
  readonly problem?: string | undefined;
}

/** How long one tier of the history is kept, and what that comes to for a channel of 200 windows a second. */
export interface TierReply {
  readonly rowMs: number;
  readonly keepDays: number;
  /** Of what no capture refers to. */
  readonly keepBytes: number;
  /** Of its sealed files, of all channels, as of the last minute. */
  readonly sealedBytes: number;
  /** Of those that a capture refers to: they are never removed, and do not count for `keepBytes`. */
  readonly pinnedBytes: number;
  /** Of one channel; `isMeasured` where that is what rows have taken so far. */
  readonly dayBytes: number;
  readonly isMeasured: boolean;
}

/** How the history of trends does; counts are since the start. */
export interface HistoryFiguresReply {
  /** `failing` while nothing can be written, `off` where the directory cannot be used at all. */
  readonly state: 'working' | 'failing' | 'off';
  /** Windows that are durable, and how many became so in the last second. */
  readonly storedRows: number;
  readonly rowsPerSecond: number;
  /** Windows that are not durable yet. */
  readonly pendingRows: number;
  readonly pendingBytes: number;
  /** Windows given up because they could not be written for too long; those of them that may still be sent again. */
  readonly givenUpRows: number;
  readonly holeWindows: number;
  /** Windows that came again and were there already. */
  readonly duplicateRows: number;
  /** Files that were damaged, ever; the rows that are known to be gone; the files of which nobody can tell how many are. */
  readonly damagedFiles: number;
  readonly damagedRows: number;
  readonly damagedUncounted: number;
  /** Where damaged files lie: cases and bytes, and the cases that had to go for newer ones. */
  readonly quarantine: { readonly cases: number; readonly bytes: number; readonly removed: number };
  /** Files and streams of the catalogue that are remembered for queries, and those that were forgotten for lack of room. */
  readonly rememberedEntries: number;
  readonly forgottenEntries: number;
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
  /** Their sealed files as of the last minute; the other figures since the start. */
  readonly diagnoses: {
    readonly stored: number;
    /** Not durable yet. */
    readonly waiting: number;
    readonly givenUp: number;
    /** Came again. */
    readonly duplicates: number;
    readonly sealedBytes: number;
  };
  /** The finest first. */
  readonly tiers: readonly TierReply[];
  /** Why nothing is removed for its age at present: the server's clock is not believed. In words. */
  readonly clockDoubt?: string | undefined;
  /** Why it cannot be kept, tidied or read, in words. */
  readonly problem?: string | undefined;
  readonly queries: {
    readonly running: number;
    readonly waiting: number;
    readonly answered: number;
    /** Not begun, because too many waited; not answered in time; left by who asked. */
    readonly refused: number;
    readonly late: number;
    readonly abandoned: number;
    /** From coming to answer, of the newest. */
    readonly p50Ms: number;
    readonly p99Ms: number;
  };
}

/** How diagnosis does; counts are since the start. */
export interface DiagnosisReply {
  /** Those that channels ask for. */
  readonly models: readonly {
    readonly name: string;
    /** `stopped` while no thread runs it, `quarantined` after two cuts, `unfit` where a check failed; none of them looks at anything. */
    readonly state: 'loading' | 'ready' | 'stopped' | 'quarantined' | 'unfit';
    readonly version?: string | undefined;
    /** The version that a roll-back brings back. */
    readonly previousVersion?: string | undefined;
    /** Times that its thread was ended because a batch was over its time box. */
    readonly cuts: number;
    /** Why it is not used, or was cut off last, in words. */
    readonly reason?: string | undefined;
    /** What pages that diagnose by themselves had compared; nothing before the first run. */
    readonly parity?: ParityTotals | undefined;
  }[];
  /** Those of the settings that name a model. */
  readonly channels: readonly {
    readonly channel: string;
    readonly model: string;
    /** Of its newest run; `none` before the first. */
    readonly outcome: 'none' | 'class' | 'unknown' | 'incomplete' | 'unavailable' | 'dropped';
    /** Of the class. */
    readonly label?: string | undefined;
    /** Why there is no class, in words. */
    readonly reason?: string | undefined;
    /** Since its newest run was answered, also where none comes any more; left out before the first, and where nothing can come. */
    readonly ageMs?: number | undefined;
  }[];
  readonly outcomes: Readonly<Record<'class' | 'unknown' | 'incomplete' | 'unavailable' | 'dropped', number>>;
  /** Runs that wait to be looked at. */
  readonly waiting: number;
  readonly batches: number;
  /** Of the newest batches, in the thread that ran them. */
  readonly batchMs: { readonly p50: number; readonly p99: number };
  /** Of the newest runs, from the arrival of the last sample to the diagnosis. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly threads: {
    readonly isActive: boolean;
    readonly hasSpare: boolean;
    readonly started: number;
    /** Ended because of a model. */
    readonly cut: number;
  };
  /** Why no thread can be started, in words. */
  readonly problem?: string | undefined;
}

/** `GET /healthz` */
export interface HealthReply {
  readonly ok: boolean;
  /** Why the server cannot do its work, in words; empty when it can. */
  readonly problems: readonly string[];
}

/** `GET /api/system` */
export interface SystemReply {
  readonly version: string;
  readonly serverMs: number;
  readonly startedMs: number;
  readonly node: string;
  readonly process: {
    readonly rssBytes: number;
    readonly heapBytes: number;
    /** Share of one core over the last second, whole process. */
    readonly cpu: number;
    /** Delay of the event loop that serves people, over the last second, ms. */
    readonly loopDelayP99Ms: number;
  };
  readonly log: {
    /** Lines left out of the log because it was not read in time. */
    readonly lost: number;
    readonly waitingBytes: number;
  };
  readonly ingest: {
    readonly address: string;
    readonly connections: number;
    readonly samplesPerSecond: number;
    readonly bytesPerSecond: number;
    /** Share of the last second that the ingest thread was busy: at most so much of one core. */
    readonly cpu: number;
    /** Connections not read for now, because their windows pile up. */
    readonly held: number;
    /** Connections not read until there is room to hold a payload for its checksum; how often one was; the room taken. */
    readonly waiting: number;
    readonly waits: number;
    readonly roomBytes: number;
    /** Tokens refused unseen, because too many wrong ones came before from the same address. */
    readonly guessesRefused: number;
    /** Streams whose windows are kept from the history for now, because it is too far behind. */
    readonly withheld: number;
    /** Windows that devices have sent again for the history. */
    readonly sentAgain: number;
    /** Connections refused or ended with an error, by protocol code. */
    readonly errors: Readonly<Record<string, number>>;
  };
  readonly hub: {
    readonly viewers: number;
    readonly framesPerSecond: number;
    readonly bytesPerSecond: number;
    readonly coarsened: number;
    readonly cutOff: number;
    readonly refused: number;
    readonly bufferedBytes: number;
    /** Last raw sample of a window read at the server to its frame sent, over the last second, ms. */
    readonly latencyMs: { readonly p50: number; readonly p99: number };
  };
  readonly history: HistoryFiguresReply;
  readonly ledger: readonly LedgerReply[];
  readonly windows: WindowsReply;
  readonly recording: RecordingReply;
  readonly diagnosis: DiagnosisReply;
  readonly alarms: AlarmFiguresReply;
  readonly access: AccessReply;
}
