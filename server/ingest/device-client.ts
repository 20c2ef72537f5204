import { AppError } from '../base/errors.ts';
import { WindowFlag } from '../trend/trend-window.ts';
import { encodeHello } from './device-hello.ts';
import { DeviceLink, type LinkEnd } from './device-link.ts';
import type { DeviceCounts, DeviceOptions, FramePlace } from './device-options.ts';
import type { Acknowledgement } from './messages.ts';
import { PASSING_CODES, PAYLOAD_BYTES } from './protocol.ts';
import { type OutgoingFrame, SendBuffer } from './send-buffer.ts';
import type { Acceptance } from './server-reader.ts';

const RETRY_MS = [250, 5000] as const;

/**
 * A device that speaks the raw stream protocol: sends samples within the
 * server's credit, keeps them until they are acknowledged, and resumes where
 * the server asks after a lost connection.
 *
 * `open`, then any number of `room` and `send`, then `end` or `destroy`. A
 * refusal that time does not heal rejects whichever of these is waiting, or
 * the next, with `DEVICE_REFUSED`. Bare samples are never acknowledged, so
 * for them a lost connection is such a failure.
 */
export class DeviceClient {
  readonly #options: DeviceOptions;
  readonly #hello: Buffer;
  readonly #buffer: SendBuffer;
  readonly #isFramed: boolean;
  #link: DeviceLink | undefined;
  #isConnected = false;
  #position = 0; // sample after the last one sent
  #acknowledged = 0;
  #window = 0;
  #isEnding = false;
  #isFinished = false;
  #failure: Error | undefined;
  #attempts = 0;
  #lostSinceMs = performance.now();
  #retryTimer: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];
  #sentSamples = 0;
  #sentBytes = 0;
  #lostSamples = 0;
  #hasLossToTell = false;
  #connections = 0;

  constructor(options: DeviceOptions) {
    const { hello, frameSamples, sampleBytes, bufferBytes } = options;
    const payloadBytes = Math.min(frameSamples, Math.floor(PAYLOAD_BYTES / sampleBytes)) * sampleBytes;
    this.#options = options;
    this.#hello = encodeHello(hello);
    this.#isFramed = hello.framing !== 'none';
    this.#buffer = new SendBuffer({ payloadBytes, limit: Math.max(2, Math.floor(bufferBytes / payloadBytes)) });
  }

  get counts(): DeviceCounts {
    return {
      sentSamples: this.#sentSamples,
      sentBytes: this.#sentBytes,
      lostSamples: this.#lostSamples,
      connections: this.#connections,
    };
  }

  /** The samples before this one are safe at the server. */
  get nextSample(): number {
    return this.#acknowledged;
  }

  /** Samples a window, by the server's answer. */
  get window(): number {
    return this.#window;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Connects; resolves when the server has accepted the hello. */
  async open(): Promise<void> {
    this.#connect();
    await this.#until(() => this.#connections > 0);
  }

  /** Room for a frame's samples: waits for it, or makes it by dropping the oldest. */
  async room(): Promise<OutgoingFrame> {
    if (this.#options.whenFull === 'wait') await this.#until(() => !this.#buffer.isFull);
    return this.takeRoom();
  }

  /** Room at once, for a device that cannot wait: the oldest samples make way where the buffer is full. */
  takeRoom(): OutgoingFrame {
    if (this.#failure !== undefined) throw this.#failure;
    while (this.#buffer.isFull) this.#countLost(this.#buffer.dropOldest());
    return this.#buffer.take();
  }

  /** Sends the samples that lie in `frame.payload`; the frame is the client's from here on. */
  send(frame: OutgoingFrame, place: FramePlace): void {
    const payloadBytes = place.samples * this.#options.sampleBytes;
    if (payloadBytes > frame.payload.length) {
      throw new RangeError(`frame of ${payloadBytes} bytes, expected at most ${frame.payload.length}`);
    }
    frame.payloadBytes = payloadBytes;
    frame.firstSample = place.firstSample;
    frame.samples = place.samples;
    frame.timeNs = place.timeNs ?? 0n;
    const { flags = 0, lostBefore = 0 } = place;
    frame.flags = lostBefore > 0 ? flags | WindowFlag.SampleLoss : flags;
    this.#lostSamples += lostBefore;
    this.#buffer.push(frame);
    this.#pump();
  }

  /** Ends the stream; resolves when everything is sent and the server has read to the end. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#pump();
    await this.#until(() => this.#isFinished);
    this.destroy();
  }

  /** Gives up what is not sent yet, so that nothing waits for credit any more; `end` then ends what was sent. */
  dropUnsent(): void {
    this.#buffer.dropUnsent();
    this.#pump();
    this.#wake();
  }

  /** Lets go of the connection at once; the stream can be resumed. */
  destroy(): void {
    this.#isFinished = true;
    clearTimeout(this.#retryTimer);
    this.#link?.destroy();
    this.#wake();
  }

  #connect(): void {
    const { host, port } = this.#options;
    this.#link = new DeviceLink({
      host,
      port,
      hello: this.#hello,
      isFramed: this.#isFramed,
      accepted: (answer) => this.#accepted(answer),
      acknowledged: (acknowledgement) => this.#release(acknowledgement),
      drained: () => this.#pump(),
      closed: (end) => this.#closed(end),
    });
  }

  #accepted({ stream, window, nextSample }: Acceptance): void {
    const { frameSamples, onEvent } = this.#options;
    this.#buffer.ensure(Math.ceil((2 * window) / frameSamples) + 1);
    this.#buffer.release(nextSample);
    this.#buffer.rewind();
    // What had been sent, was dropped here since, and never became safe.
    const kept = Math.max(nextSample, this.#acknowledged);
    const resumed = Math.min(this.#buffer.next?.firstSample ?? this.#position, this.#position);
    if (this.#connections > 0) this.#countLost(Math.max(0, resumed - kept));

    this.#isConnected = true;
    this.#attempts = 0;
    this.#connections++;
    this.#window = window;
    this.#acknowledged = nextSample;
    this.#position = nextSample;
    onEvent?.({ kind: 'connected', stream, window, nextSample });
    this.#pump();
    this.#wake();
  }

  #release({ nextSample }: Acknowledgement): void {
    this.#acknowledged = nextSample;
    this.#buffer.release(nextSample);
    this.#pump();
    this.#wake();
  }

  // Sends what credit and socket allow, then ends the sending side where asked.
  #pump(): void {
    const link = this.#link;
    if (link === undefined || !this.#isConnected) return;
    for (let frame = this.#buffer.next; frame !== undefined; frame = this.#buffer.next) {
      if (!link.canSend(frame.payloadBytes)) return;
      this.#buffer.markSent();
      this.#position = frame.firstSample + frame.samples;
      this.#sentSamples += frame.samples;
      const flags = this.#hasLossToTell ? WindowFlag.SampleLoss : 0;
      this.#hasLossToTell = false;
      this.#sentBytes += link.send(frame, { flags, lostSamples: this.#lostSamples });
      if (this.#isFramed) continue;
      this.#buffer.releaseSent(); // never acknowledged, so never sent again
      this.#wake();
    }
    if (this.#isEnding) link.end();
  }

  #closed(end: LinkEnd): void {
    if (this.#isConnected) this.#lostSinceMs = performance.now();
    this.#isConnected = false;
    this.#link = undefined;
    // A server that dies also ends its side: only what it has acknowledged counts.
    const isAllSafe = !this.#isFramed || this.#position - this.#acknowledged < this.#window;
    if (end.kind === 'ended' && this.#isEnding && isAllSafe) this.#isFinished = true;
    if (!this.#isFinished) this.#retry(end);
    this.#wake();
  }

  // Connects again after a pause, or fails for good.
  #retry(end: LinkEnd): void {
    const { host, port, retryFirst, giveUpMs = Infinity, retryMs = RETRY_MS, onEvent } = this.#options;
    const refusal = end.kind === 'refused' ? end.refusal : undefined;
    const isFinal = refusal !== undefined && !PASSING_CODES.has(refusal.code);
    const isFirst = this.#connections === 0 && !retryFirst;
    const reason = describe(end);
    if (isFinal || isFirst || !this.#isFramed || performance.now() - this.#lostSinceMs > giveUpMs) {
      this.#failure = new AppError('DEVICE_REFUSED', `${host}:${port}: ${reason}`, { details: refusal });
      return;
    }
    const pauseMs = Math.min(retryMs[0] * 2 ** this.#attempts++, retryMs[1]);
    this.#retryTimer = setTimeout(() => this.#connect(), pauseMs);
    onEvent?.({ kind: 'lost', reason, retryMs: pauseMs });
  }

  #countLost(samples: number): void {
    this.#lostSamples += samples;
    if (samples > 0) this.#hasLossToTell = true;
  }

  async #until(holds: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (holds() || this.#isFinished) return;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

function describe(end: LinkEnd): string {
  switch (end.kind) {
    case 'refused':
      return `${end.refusal.code}: ${end.refusal.message}`;
    case 'lost':
      return end.reason;
    case 'ended':
      return 'the server ended the connection before everything was safe';
  }
}
