// The constants of the raw stream protocol; README.md of this folder is its
// specification.

export const PROTOCOL_VERSION = 1;
export const HELLO_BYTES = 65_536;
export const PAYLOAD_BYTES = 4_194_304;
export const WINDOW_RANGE = [10, 10_000_000] as const;
/** Windows a second that one channel may make; the window is raised to keep it. */
export const WINDOW_RATE = 1000;
/** Beyond either end a sample rate cannot be kept as times, Hz. */
export const RATE_RANGE = [1e-6, 1e12] as const;
/** Sample indices stay below this, so that they are exact as numbers. */
export const INDEX_LIMIT = 2 ** 53;
/** The furthest that a stream may jump ahead, seconds of samples. */
export const JUMP_SECONDS = 24 * 3600;

/** Why the server refused or ended a connection. The word is public; the message beside it may change. */
export type ProtocolCode =
  | 'HELLO_INVALID'
  | 'VERSION_UNKNOWN'
  | 'TOKEN_INVALID'
  | 'CHANNEL_BUSY'
  | 'CHANNEL_LIMIT'
  | 'CHANNEL_CHANGED'
  | 'FRAME_INVALID'
  | 'CHECKSUM_WRONG'
  | 'INDEX_JUMP'
  | 'HELLO_TIMEOUT'
  | 'SILENT'
  | 'STORAGE_RESUME'
  | 'SERVER_STOPPING';

/** Refusals that pass with time; a device that repeats what got any other gets it again. */
export const PASSING_CODES: ReadonlySet<string> = new Set<ProtocolCode>([
  'CHANNEL_BUSY',
  'HELLO_TIMEOUT',
  'SILENT',
  'STORAGE_RESUME',
  'SERVER_STOPPING',
]);

/** A device broke the protocol, or the server cannot serve it. It is told the code, and its connection ends. */
export class ProtocolError extends Error {
  readonly code: ProtocolCode;

  constructor(code: ProtocolCode, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** When a connection is given up, milliseconds. */
export interface Timeouts {
  /** From connecting to a whole hello. */
  readonly helloMs: number;
  /** From one whole frame to the next, or one sample to the next where there are no frames. */
  readonly silentMs: number;
  /** From an error to closing, while what still arrives is discarded. */
  readonly lingerMs: number;
}

export const TIMEOUTS: Timeouts = { helloMs: 5000, silentMs: 10_000, lingerMs: 1000 };
