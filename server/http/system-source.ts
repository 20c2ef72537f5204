import type { LedgerEntry } from '../trend/ledger.ts';
import type { SystemReply } from '../wire/rest.ts';

/** What the routes ask of the running server. Fakes of this make a test server. */
export interface SystemSource {
  readonly version: string;
  /** Server clock, ms since 1970 UTC. */
  readonly startedMs: number;
  nowMs(): number;
  ingest(): SystemReply['ingest'];
  hub(): SystemReply['hub'];
  process(): SystemReply['process'];
  /** Exact, asked of the ingest thread. Rejects when that is gone. */
  readLedger(): Promise<readonly LedgerEntry[]>;
  /** Connections of pages, viewers and scrapers that were closed at once because there were too many. */
  droppedConnections(): number;
  /** Why the server cannot do its work, in words; empty when it can. */
  problems(): readonly string[];
}
