import type { Logger } from '../base/log.ts';
import type { KernelModule } from '../kernels/module.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { CaptureReply } from '../wire/captures.ts';
import { RECORDING_LIMIT } from './capture-budget.ts';
import type { FromCapture, ToCapture } from './capture-link.ts';
import type { CaptureStore } from './capture-store.ts';
import { Recording } from './recording.ts';

const HOUR_MS = 3_600_000;

export interface RecorderOptions {
  readonly store: CaptureStore;
  /** Bytes that recordings may take. */
  readonly limitBytes: number;
  readonly module: KernelModule;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** To the ingest thread. */
  readonly post: (message: FromCapture) => void;
  /** What the list says of a recording has changed. */
  readonly onChange: (capture: CaptureReply) => void;
  /** These are not listed any more. */
  readonly onForget: (ids: readonly string[]) => void;
}

/**
 * Writes recordings, each at its own pace: one that waits for the disk does
 * not hold up the others. What is wrong with the disk is wrong with the
 * recording, which is listed as failed.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #writing = new Map<string, Writing>();
  readonly #tails = new Set<Promise<void>>();
  #asideBytes = 0; // for what is under way
  #roomMade = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { fill, captures } = options.store;
    const recent = captures
      .filter(({ state, createdMs }) => state !== 'refused' && options.nowMs() - createdMs < HOUR_MS)
      .map(({ channel, cause, createdMs, bytes }) => ({ channel, cause: cause.kind, createdMs, bytes }));
    options.post({ kind: 'stored', fill, recent });
  }

  take(message: ToCapture): void {
    switch (message.kind) {
      case 'begin':
        this.#begin(message);
        break;
      case 'refused':
        void this.#list(message.capture).catch((error: unknown) => {
          this.#report(message.capture, error);
          this.#options.onChange(message.capture); // told, at least
        });
        break;
      case 'samples':
        this.#then(message.id, async (writing) => {
          try {
            if (!writing.isOver) await writing.recording?.append(message.piece);
          } finally {
            const bytes = message.piece.buffer.byteLength;
            this.#options.post({ kind: 'taken', bytes });
          }
        });
        break;
      case 'confirm':
        this.#then(message.id, async (writing) => writing.recording?.confirm(message.cause));
        break;
      case 'drop':
        this.#thenLast(message.id, async (writing) => {
          if (writing.isOver) return;
          await writing.recording?.abandon();
          await this.#options.store.remove(message.id);
          this.#options.onForget([message.id]);
          this.#end(writing);
        });
        break;
      case 'end':
        this.#thenLast(message.id, async (writing) => {
          if (writing.isOver || writing.recording === undefined) return;
          if (writing.recording.samples === 0) throw new Error(message.note ?? 'none of its samples came');
          await this.#list(await writing.recording.finish(message));
          this.#end(writing);
        });
        break;
    }
  }

  /** Removes a recording; one that is being ended once it is over. */
  async remove(id: string): Promise<void> {
    const { store, post, onForget } = this.#options;
    const writing = this.#writing.get(id);
    if (writing !== undefined) await new Promise<void>((resolve) => writing.onLast.push(resolve));
    await store.remove(id);
    post({ kind: 'stored', fill: store.fill, recent: [] });
    onForget([id]);
  }

  /** Resolves when everything taken is on the disk. */
  async settle(): Promise<void> {
    await Promise.all(this.#tails);
  }

  #begin({ capture, info }: Extract<ToCapture, { kind: 'begin' }>): void {
    const { store, module } = this.#options;
    this.#asideBytes += bytesOf(capture);
    this.#writing.set(capture.id, {
      capture,
      recording: undefined,
      isOver: false,
      tail: Promise.resolve(),
      onLast: [],
    });
    this.#then(capture.id, async (writing) => {
      await this.#makeRoom();
      await this.#list(capture); // first, so that a start after a kill knows what is half written
      writing.recording = await Recording.create({ directory: store.directory, capture, info, module });
    });
  }

  // One after the other, so that two that begin at once do not remove the same.
  #makeRoom(): Promise<void> {
    const made = this.#roomMade.then(() => this.#removeSpare());
    this.#roomMade = made.catch(() => undefined); // the recording that needed it fails, and says why
    return made;
  }

  /** Removes the oldest that no person asked for until what is under way has room. */
  async #removeSpare(): Promise<void> {
    const { store, limitBytes, log, onForget } = this.#options;
    for (const { id, channel } of store.spare) {
      const { bytes, recordings } = store.fill;
      if (bytes + this.#asideBytes <= limitBytes && recordings + this.#writing.size <= RECORDING_LIMIT) return;
      await store.remove(id);
      log.info({ id, channel }, 'the oldest recording that no person asked for made room');
      onForget([id]);
    }
  }

  // One after the other for each recording.
  #then(id: string, act: (writing: Writing) => Promise<void>): void {
    const writing = this.#writing.get(id);
    if (writing === undefined) throw new Error(`recording ${id} was not begun`);
    const tail = writing.tail.then(() => act(writing)).catch((error: unknown) => this.#fail(writing, error));
    writing.tail = tail;
    this.#tails.add(tail);
    void tail.then(() => this.#tails.delete(tail));
  }

  // What is said of it last.
  #thenLast(id: string, act: (writing: Writing) => Promise<void>): void {
    this.#then(id, act);
    this.#then(id, async (writing) => {
      this.#writing.delete(id);
      for (const tell of writing.onLast) tell();
    });
  }

  async #fail(writing: Writing, error: unknown): Promise<void> {
    if (writing.isOver) return;
    this.#report(writing.capture, error);
    const note = `it could not be written: ${(error as Error).message}`;
    try {
      await writing.recording?.abandon();
      await this.#list({ ...writing.capture, state: 'failed', note });
    } catch (second) {
      this.#report(writing.capture, second);
      this.#options.onChange({ ...writing.capture, state: 'failed', note }); // told, at least
    }
    this.#end(writing);
  }

  #end(writing: Writing): void {
    writing.isOver = true;
    writing.recording = undefined;
    this.#asideBytes -= bytesOf(writing.capture);
    this.#options.post({ kind: 'over', id: writing.capture.id, fill: this.#options.store.fill });
  }

  async #list(capture: CaptureReply): Promise<void> {
    const forgotten = await this.#options.store.put(capture);
    this.#options.onChange(capture);
    if (forgotten.length > 0) this.#options.onForget(forgotten);
  }

  #report({ id, channel }: CaptureReply, error: unknown): void {
    this.#options.log.error({ id, channel, reason: (error as Error).message }, 'a recording could not be written');
  }
}

/** What a recording takes at most. */
function bytesOf({ from, to, datatype }: CaptureReply): number {
  return (to - from) * DATATYPES.get(datatype)!.bytes;
}

interface Writing {
  readonly capture: CaptureReply;
  recording: Recording | undefined;
  isOver: boolean;
  tail: Promise<void>;
  /** Who waits until nothing more is done for it. */
  readonly onLast: (() => void)[];
}
