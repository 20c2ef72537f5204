import { AppError, type ErrorCode } from './errors.ts';

/** How a call to another thread ended. */
export type CallEnd =
  | { readonly kind: 'reply'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** Calls to another thread, which are told apart by a number until their answers come. */
export class PendingCalls {
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: Error | undefined;

  /** Sends a call under the number it gets; resolves to its answer. Rejects with `AppError`, as the other thread says. */
  begin<T>(send: (id: number) => void): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      send(id);
    });
  }

  /** Whether somebody waits for the answer. */
  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  end(id: number, end: CallEnd): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (end.kind === 'reply') waiting?.resolve(end.value);
    else waiting?.reject(new AppError(end.code, end.message));
  }

  /** The other thread has ended: nobody answers any more. */
  fail(failure: Error): void {
    this.#failure = failure;
    for (const { reject } of this.#waiting.values()) reject(failure);
    this.#waiting.clear();
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}
