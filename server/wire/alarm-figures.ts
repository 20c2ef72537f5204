import type { AlarmPriority, HideReason } from './alarms.ts';
import type { OutputsReply } from './outputs.ts';

/** How alarms do; counts are since the start. */
export interface AlarmFiguresReply {
  /** That definitions make of channels and of the server; those beyond the limit are not watched for. */
  readonly watched: number;
  readonly refused: number;
  /** Their condition is there; nobody has acknowledged them; by the reason of the list that shows them. */
  readonly standing: number;
  readonly unacknowledged: number;
  readonly hidden: Readonly<Record<HideReason, number>>;
  /** By priority. */
  readonly annunciated: Readonly<Record<AlarmPriority, number>>;
  /** In the last ten minutes, and whether that is a flood. */
  readonly recentlyAnnunciated: number;
  readonly isFlood: boolean;
  /** Annunciations that figures are counted from, and those forgotten because too many were remembered. */
  readonly remembered: number;
  readonly crowdedOut: number;
  /** Periods of long ago whose figures were read from the journal, and those refused because others were being read or counted. */
  readonly periodsRead: number;
  readonly periodsRefused: number;
  /** Tables of the journal that are being sent, refused because others were, and cut because nobody read them. */
  readonly tables: { readonly reading: number; readonly readsRefused: number; readonly readsCut: number };
  /** Actions of people that wait for the disk. */
  readonly waitingActions: number;
  /** Recordings that definitions ask for and that there is nothing of. */
  readonly capturesFailed: number;
  readonly journal: {
    /** Entries. */
    readonly written: number;
    /** Entries that wait for the disk, and those that were given up because too many did. */
    readonly waiting: number;
    readonly lost: number;
    /** On the disk, with what is set aside. */
    readonly bytes: number;
    /** Records that are gone because their files were damaged. */
    readonly damaged: number;
    /** Why it cannot be written, in words. */
    readonly problem?: string | undefined;
  };
  readonly outputs: OutputsReply;
}
