import { deadLog, type JournalLog } from '../../server/alarms/journal-log.ts';
import { AppError } from '../../server/base/errors.ts';

/** An append log in memory, which a test may let fail or hold up. What is appended stays for the next journal on it. */
export class MemoryLog implements JournalLog {
  readonly payloads: Buffer[] = [];
  /** Why appends fail, while they do. */
  failure: string | undefined;
  appends = 0;
  #gate: Promise<void> = Promise.resolve();
  #open: (() => void) | undefined;

  get next(): number {
    return this.payloads.length + 1;
  }

  /** Appends wait from now on. */
  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** What waits goes on. */
  letGo(): void {
    this.#open?.();
    this.#gate = Promise.resolve();
  }

  async append(payloads: readonly Uint8Array[]): Promise<{ readonly from: number }> {
    this.appends++;
    await this.#gate;
    if (this.failure !== undefined) throw new AppError('STORAGE_FAILED', this.failure);
    const from = this.next;
    this.payloads.push(...payloads.map((payload) => Buffer.from(payload)));
    return { from };
  }

  async *read(from: number, to = this.next) {
    for (let sequence = from; sequence < to; sequence++) {
      const payload = this.payloads[sequence - 1];
      if (payload !== undefined) yield { sequence, payload };
    }
  }

  /** All in one file. */
  segments() {
    return [{ first: 1, end: this.next, records: this.payloads.length, isSealed: false }];
  }

  status() {
    const { problem: _, ...status } = deadLog('').status();
    return status;
  }

  async removeBefore(): Promise<void> {}

  async close(): Promise<void> {}
}
