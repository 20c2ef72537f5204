// How the outputs of alarms do, as `GET /api/system` answers.

export const OUTPUT_KINDS = ['webhook', 'mqtt', 'mail', 'push'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

/** One destination; counts are of messages since the start. */
export interface OutputReply {
  /** Of the settings. */
  readonly name: string;
  readonly kind: OutputKind;
  readonly waiting: number;
  /** How long the oldest of them has waited, s. */
  readonly oldestSeconds: number;
  readonly delivered: number;
  /** Tries that failed. */
  readonly failed: number;
  /** That the destination refuses for what they are, and is told again every five minutes: the newest of each alarm. */
  readonly refused: number;
  /** That were refused and left out, because a newer one of the same alarm was there, or too many. */
  readonly givenUp: number;
  /** Left out because too many waited: an alarm's newer one told more, or there was no room. */
  readonly superseded: number;
  readonly dropped: number;
  /** Whether nothing has been delivered for 30 s, in three tries or more. */
  readonly isFailing: boolean;
  /** Why the last try failed. */
  readonly problem?: string;
}

/** Browsers that are told by Web Push; counts are since the start. */
export interface PushFigures {
  readonly subscribers: number;
  /** Removed because their push service knew them no more. */
  readonly gone: number;
  /** Notices that single browsers did not get though others did. */
  readonly missed: number;
}

export interface OutputsReply {
  readonly destinations: readonly OutputReply[];
  /** Left out where the settings have no key for it. */
  readonly push?: PushFigures;
  /** Messages that could not be written when they came; they are, where they still wait when the disk works again. */
  readonly unstored: number;
  /** On the disk. */
  readonly bytes: number;
  /** Records that are gone because their files were damaged. */
  readonly damaged: number;
  /** Why messages cannot be written, in words. */
  readonly problem?: string;
}
