import type { Clock } from '../base/clock.ts';
import type { ToHistory } from '../trend/durable-link.ts';
import { WindowRow } from '../trend/window-batch.ts';
import type { HistoryStream } from './history-stream.ts';
import { PendingRows } from './pending-rows.ts';
import type { Streams } from './streams.ts';

export interface IntakeOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly streams: Streams;
  /** How long windows may wait while nothing can be written; then the oldest are given up. */
  readonly holdMs: number;
  /** So many windows are taken. */
  readonly onTaken: (rows: number) => void;
  /** Whatever was not handed out yet is wanted. */
  readonly onAsk: () => void;
  /** The catalogue did not say what it knows of a stream; it is asked again. */
  readonly onFailure: (error: unknown) => void;
}

/** Past it they are given up earlier. */
const HOLD_BYTES = 256 << 20;
const RETRY_MS = 500;
/** So many are told at once, and with each commit what is left: a message for each parcel costs more than what is in it. */
const TAKEN_ROWS = 4096;
/** An ingest thread that takes longer to answer is busy; then what is there is written. */
const ANSWER_MS = 50;

/** Takes windows from the ingest thread in order, leaves out what was there before, and keeps the rest until it is written. */
export class Intake {
  readonly pending = new PendingRows();
  readonly #options: IntakeOptions;
  readonly #arrivals: ToHistory[] = [];
  #isPumping = false;
  #pumping: Promise<void> | undefined;
  #isClosing = false;
  #onAsked: (() => void) | undefined; // while an answer is awaited
  #touched: HistoryStream[] = []; // those that are marked so
  #duplicateRows = 0;
  #takenRows = 0; // and not told yet
  #givenUpRows = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  get duplicateRows(): number {
    return this.#duplicateRows;
  }

  get givenUpRows(): number {
    return this.#givenUpRows;
  }

  take(message: ToHistory): void {
    this.#arrivals.push(message);
    if (!this.#isPumping) this.#pumping = this.#pump();
  }

  /** Asks for what was not handed out yet. Resolves when it is here, or nothing came for a while. */
  gather(): Promise<void> {
    this.#tellTaken();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#onAsked = undefined;
        resolve();
      };
      const timer = setTimeout(done, ANSWER_MS);
      this.#onAsked = done;
      this.#options.onAsk();
    });
  }

  /** Takes out the streams of which windows came, new or not. */
  takeTouched(): HistoryStream[] {
    const touched = this.#touched;
    for (const stream of touched) stream.isTouched = false;
    this.#touched = [];
    return touched;
  }

  giveUpOldest(): void {
    const nowMs = this.#options.clock.monotonicMs();
    while (this.pending.isOver({ ageMs: this.#options.holdMs, bytes: HOLD_BYTES }, nowMs)) {
      const block = this.pending.shift();
      if (block === undefined) return;
      for (let i = 0; i < block.length; i++) {
        const row = block.at(i);
        this.#options.streams.byId(row.stream).book.giveUp(row);
      }
      this.#givenUpRows += block.length;
    }
  }

  /** Resolves when everything that came is taken. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#pumping;
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    try {
      for (let message = this.#arrivals.shift(); message !== undefined; message = this.#arrivals.shift()) {
        switch (message.kind) {
          case 'opened':
            await this.#open(message);
            break;
          case 'windows':
            this.#takeWindows(message.buffer, message.rows);
            break;
          case 'asked':
            this.#onAsked?.();
            break;
        }
      }
    } finally {
      this.#isPumping = false;
    }
  }

  // What comes after it waits: its windows need to know the stream.
  async #open(message: Extract<ToHistory, { kind: 'opened' }>): Promise<void> {
    for (;;) {
      try {
        await this.#options.streams.open(message.number, message.info, message.sendsFrom);
        return;
      } catch (error) {
        this.#options.onFailure(error);
        if (this.#isClosing) {
          this.#arrivals.length = 0; // they cannot be written either, and their device keeps them
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #takeWindows(buffer: ArrayBuffer, rows: number): void {
    const { streams, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const row = new WindowRow(buffer);
    while (row.next()) this.#add(streams.byNumber(row.channel), row, nowMs);
    this.#takenRows += rows;
    if (this.#takenRows >= TAKEN_ROWS) this.#tellTaken();
    this.giveUpOldest();
  }

  // How many windows were taken since it was last said.
  #tellTaken(): void {
    if (this.#takenRows > 0) this.#options.onTaken(this.#takenRows);
    this.#takenRows = 0;
  }

  #add(stream: HistoryStream, row: WindowRow, nowMs: number): void {
    if (!stream.isTouched) {
      stream.isTouched = true;
      this.#touched.push(stream);
    }
    if (stream.book.take(row)) this.pending.add(stream.id, row, nowMs);
    else this.#duplicateRows++;
  }
}
