import type { Clock } from '../base/clock.ts';
import type { Link } from './link.ts';
import { encodeAcknowledgement } from './messages.ts';
import type { Stream } from './stream.ts';

export interface AcknowledgerOptions {
  readonly stream: Stream;
  readonly link: Link;
  readonly clock: Clock;
  readonly creditBytes: number;
  /** Bare samples are not acknowledged; their sender hears errors alone. */
  readonly isFramed: boolean;
}

// A device that reads nothing must not fill our memory. Acknowledgements are
// running totals, so leaving some out loses nothing.
const BACKLOG_BYTES = 65_536;
// So long the last acknowledgement waits for the disk.
const SETTLE_MS = 1000;

/** Tells one device what of its stream is safe, and how much it may send. */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;
  #atMs = 0;
  #bytes = 0;
  #nextSample = 0;
  #end: { readonly bytes: number; readonly error: Buffer | undefined; readonly untilMs: number } | undefined;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  /** `bytes` were read of the device since its hello; it hears of them unless it was told less than `everyMs` ago. */
  credit(bytes: number, everyMs: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (bytes !== this.#bytes && nowMs - this.#atMs >= everyMs) this.#tell(bytes);
  }

  /** More of the stream may be on the disk: the device is told at once. */
  settle(bytes: number): void {
    if (this.#options.stream.safe !== this.#nextSample) this.#tell(bytes);
  }

  /** The connection takes no more: once everything is on the disk, or after a second, it is told so, then `error`, and ends. */
  end(bytes: number, error?: Buffer): void {
    this.#end = { bytes, error, untilMs: this.#options.clock.monotonicMs() + SETTLE_MS };
  }

  /** Ends the connection if it is due, and tells whether it has. */
  finish(): boolean {
    if (this.#end === undefined) return false;
    const { stream, link, clock } = this.#options;
    const { bytes, error, untilMs } = this.#end;
    if (!stream.isSettled && clock.monotonicMs() < untilMs) return false;
    this.#write(bytes); // whatever waits before it, since no later one makes up for it
    if (error !== undefined) link.write(error);
    link.finish();
    return true;
  }

  #tell(bytes: number): void {
    if (this.#options.link.backlogBytes <= BACKLOG_BYTES) this.#write(bytes);
  }

  #write(bytes: number): void {
    const { stream, link, clock, creditBytes, isFramed } = this.#options;
    this.#atMs = clock.monotonicMs();
    this.#bytes = bytes;
    this.#nextSample = stream.safe;
    if (isFramed) link.write(encodeAcknowledgement({ nextSample: this.#nextSample, creditBytes: bytes + creditBytes }));
  }
}
