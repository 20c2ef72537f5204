import type { LedgerEntry } from '../trend/ledger.ts';
import type { WindowAccount } from '../trend/window-account.ts';
import type { AlarmFiguresReply } from '../wire/alarm-figures.ts';
import type { DiagnosisReply, RecordingReply, SystemReply } from '../wire/rest.ts';

/** What the routes ask of the running server. Fakes of this make a test server. */
export interface SystemSource {
  readonly version: string;
  /** Server clock, ms since 1970 UTC. */
  readonly startedMs: number;
  nowMs(): number;
  ingest(): SystemReply['ingest'];
  /** As of the newest ledger read. */
  windows(): WindowAccount;
  hub(): HubFigures;
  /** As of the last second. */
  recording(): RecordingReply;
  history(): SystemReply['history'];
  diagnosis(): DiagnosisReply;
  alarms(): AlarmFiguresReply;
  process(): SystemReply['process'];
  log(): SystemReply['log'];
  access(): SystemReply['access'];
  /** Exact, asked of the ingest thread; the last it gave where that has ended. */
  readLedger(): Promise<readonly LedgerEntry[]>;
  /** Connections of pages, viewers and scrapers that were closed at once because there were too many. */
  droppedConnections(): number;
  /** Why the server cannot do its work, in words; empty when it can. */
  problems(): readonly string[];
}

/** What the hub tells of itself; counts are since the start. */
export interface HubFigures {
  /** What the system page shows. */
  readonly system: SystemReply['hub'];
  /** Upgrades refused, by reason; a reason that never came is left out. */
  readonly refused: Readonly<Record<string, number>>;
  /** Live sockets ended by the server, by reason. */
  readonly ended: Readonly<Record<string, number>>;
  readonly broken: number;
  readonly dead: number;
  readonly feeds: number;
  readonly heartbeatsSkipped: number;
  readonly diagnosesReplaced: number;
  readonly alarmsReplaced: number;
  readonly alarmsBehind: number;
  readonly longestQueueBytes: number;
  readonly framesSent: number;
  readonly bytesSent: number;
  readonly textBytesSent: number;
  readonly ringBytes: number;
  readonly shortened: number;
}
