// Who acts, and whether they may: what a browser says of a person, and what the server says of a session.

import { withoutUnseen } from './unseen.ts';

/** The request header with the name of who acts, percent-encoded UTF-8. */
export const PERSON_HEADER = 'Fenestra-Person';
export const PERSON_CHARACTERS = 80;
/** What a name must be, in words. */
export const PERSON_WORDS = `1 to ${PERSON_CHARACTERS} characters without control characters`;

const NAME = new RegExp(`^[^\\p{Cc}\\p{Surrogate}]{1,${PERSON_CHARACTERS}}$`, 'u');

/** A name as it is kept, composed and without what is not seen and space around it; undefined where it is none. */
export function toPersonName(text: string): string | undefined {
  const name = withoutUnseen(text).trim().normalize('NFC');
  return NAME.test(name) ? name : undefined;
}

/** `GET /api/session`, and what signing in and out answer with. */
export interface SessionReply {
  /** Whether who asks may act. */
  readonly isOperator: boolean;
  /** Whether this server asks for its operator secret. */
  readonly needsSecret: boolean;
}

/** The body of `POST /api/session`. */
export interface SessionRequest {
  readonly secret: string;
}

/** What the server proves itself with over TLS. */
export interface CertificateReply {
  /** Hosts that it is of. */
  readonly names: readonly string[];
  /** Its end, ms since 1970 UTC; whole days until then, below 0 after it. */
  readonly untilMs: number;
  readonly daysLeft: number;
  /** Why the files that came after it are not used, in words. */
  readonly problem?: string | undefined;
}

/** Who may act, of `GET /api/system`. Counts are since the start, but for `sessions`, those there are. */
export interface AccessReply {
  readonly sessions: number;
  /** Sessions that ended because there were too many. */
  readonly crowdedOut: number;
  readonly wrongSecrets: number;
  /** Secrets refused unseen, because too many wrong ones came before. */
  readonly guessesRefused: number;
  /** Where the server speaks TLS. */
  readonly certificate?: CertificateReply | undefined;
}
