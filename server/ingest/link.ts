/** The way back to the device. */
export interface Link {
  write(bytes: Buffer): void;
  /** Ends the sending side; what still arrives is discarded, and after a moment the connection closes. */
  finish(): void;
  /** Nothing is pushed any more until `resume`; what the last push did not take comes again then. */
  pause(): void;
  resume(): void;
  /** Bytes written and not yet taken by the system. */
  readonly backlogBytes: number;
  /** Bytes that came out of the connection so far, by the connection's own count. */
  readonly readBytes: number;
}
