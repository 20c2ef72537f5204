import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../base/log.ts';
import type { CaptureReply } from '../wire/captures.ts';
import { captureFiles } from './capture-files.ts';
import type { CaptureStore } from './capture-store.ts';
import { checksumFault, sizeFault, stampOf } from './file-check.ts';

// The sweep reads about 40 MB/s, so that it takes neither the disk nor a core from anything else.
const SWEEP_PAUSE_MS = 25;

/** What a check found. */
export interface Checked {
  readonly id: string;
  /** Of the bytes that are known to be those of the recording; undefined where they are not. */
  readonly stamp: string | undefined;
}

export interface CheckerOptions {
  readonly store: CaptureStore;
  readonly onChecked: (checked: Checked) => void;
  /** A recording is damaged, and now listed so. */
  readonly onChange: (capture: CaptureReply) => void;
  readonly log: Logger;
}

/**
 * Holds samples on the disk against the checksums that were taken as they were
 * written: all of them slowly after a start, and at once what somebody asks for.
 */
export class Checker {
  readonly #options: CheckerOptions;
  #asked = Promise.resolve();
  #isClosed = false;

  constructor(options: CheckerOptions) {
    this.#options = options;
  }

  /** Checks a recording after those asked for before; `onChecked` tells. */
  ask(id: string): void {
    this.#asked = this.#asked.then(() => this.#check(id, () => undefined));
  }

  /** Checks all recordings that are there, the newest first. */
  async sweep(): Promise<void> {
    const all = [...this.#options.store.captures].sort((a, b) => b.createdMs - a.createdMs);
    for (const { id } of all) {
      if (this.#isClosed) return;
      await this.#check(id, () => sleep(SWEEP_PAUSE_MS, undefined, { ref: false }));
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  async #check(id: string, pause: () => Promise<void> | void): Promise<void> {
    const { store, onChecked, onChange, log } = this.#options;
    const capture = store.captures.find((it) => it.id === id);
    if (capture?.state !== 'ready' || this.#isClosed) return onChecked({ id, stamp: undefined });
    const files = captureFiles(store.directory, id);
    try {
      const fault = await sizeFault(files, capture);
      const stamp = fault === undefined ? await stampOf(files) : undefined;
      const why = fault ?? (await checksumFault(files, capture, pause));
      if (why !== undefined) onChange(store.setDamaged(id, why));
      onChecked({ id, stamp: why === undefined ? stamp : undefined });
    } catch (error) {
      // A disk that fails now, or a want of file handles, does not make samples wrong: they are checked again when asked for.
      log.warn({ id, err: error }, 'a recording cannot be checked now');
      onChecked({ id, stamp: undefined });
    }
  }
}
