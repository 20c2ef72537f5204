import { AppError } from '../base/errors.ts';
import type { CaptureReply } from '../wire/captures.ts';
import type { CaptureFiles } from './capture-files.ts';
import { sizeFault, stampOf } from './file-check.ts';

/** Files of so many bytes are checked while somebody waits for them: about 50 ms. */
const SMALL_BYTES = 32 << 20;

export interface CaptureChecksOptions {
  readonly files: (id: string) => CaptureFiles;
  readonly find: (id: string) => CaptureReply | undefined;
  /** Has a recording checked; `end` is called with what was found. False where nobody checks any more. */
  readonly ask: (id: string) => boolean;
}

/** Which recordings are known to be what was recorded, as seen from where they are asked for. */
export class CaptureChecks {
  readonly #options: CaptureChecksOptions;
  readonly #stamps = new Map<string, string>(); // of samples that were found to be what was recorded
  readonly #running = new Map<string, Check>();

  constructor(options: CaptureChecksOptions) {
    this.#options = options;
  }

  /**
   * Whether the samples of a ready recording are known to be those that were
   * recorded: where its files are small, after they were checked; of larger
   * ones the check goes on. `isWhole` waits for that, too. Rejects with
   * `CAPTURE_DAMAGED`, and with `STORAGE_FAILED` where they cannot be opened now.
   */
  async isSound(capture: CaptureReply, { isWhole = false } = {}): Promise<boolean> {
    const { id, bytes } = capture;
    const files = this.#options.files(id);
    const stamp = await stampOf(files).catch(() => undefined);
    if (stamp !== undefined && this.#stamps.get(id) === stamp) return true;
    const fault = await sizeFault(files, capture).catch((error: Error) => {
      throw new AppError('STORAGE_FAILED', `the recording ${id} cannot be read now: ${error.message}`);
    });
    const check = this.#check(id);
    if (fault === undefined) {
      if (check === undefined) return false;
      if (isWhole || bytes <= SMALL_BYTES) await check;
    }
    const { state, note } = this.#options.find(id) ?? capture;
    const why = fault ?? (state === 'ready' ? undefined : note);
    if (why !== undefined) throw new AppError('CAPTURE_DAMAGED', `the recording ${id} is not served: ${why}`);
    return this.#stamps.get(id) === stamp;
  }

  /** A check is over: the stamp of what is sound. */
  end(id: string, stamp: string | undefined): void {
    if (stamp === undefined) this.#stamps.delete(id);
    else this.#stamps.set(id, stamp);
    this.#running.get(id)?.end();
    this.#running.delete(id);
  }

  /** Nobody checks any more: who waits goes on without. */
  stop(): void {
    for (const { end } of this.#running.values()) end();
    this.#running.clear();
  }

  #check(id: string): Promise<void> | undefined {
    const running = this.#running.get(id);
    if (running !== undefined) return running.over;
    if (!this.#options.ask(id)) return undefined;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#running.set(id, { over, end });
    return over;
  }
}

interface Check {
  readonly over: Promise<void>;
  readonly end: () => void;
}
