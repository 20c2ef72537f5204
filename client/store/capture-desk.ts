import type { CaptureReply, CaptureRequest } from '../../server/wire/captures.ts';
import { Listeners, type Store } from './store.ts';

/** What became of the newest wish for a recording. */
export type CaptureNews =
  | { readonly kind: 'asking'; readonly channel: string }
  | { readonly kind: 'answered'; readonly capture: CaptureReply }
  | { readonly kind: 'failed'; readonly channel: string; readonly why: string };

/** Takes wishes for recordings to the server and says what became of the newest one. */
export class CaptureDesk implements Store<CaptureNews | undefined> {
  readonly #listeners = new Listeners();
  readonly #record: (request: CaptureRequest) => Promise<CaptureReply>;
  #news: CaptureNews | undefined;

  constructor(record: (request: CaptureRequest) => Promise<CaptureReply>) {
    this.#record = record;
  }

  get value(): CaptureNews | undefined {
    return this.#news;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** One at a time: a second wish while the first is under way is the same key pressed twice. */
  async ask(request: CaptureRequest): Promise<void> {
    if (this.#news?.kind === 'asking') return;
    const { channel } = request;
    this.#set({ kind: 'asking', channel });
    this.#set(
      await this.#record(request).then(
        (capture): CaptureNews => ({ kind: 'answered', capture }),
        (error: unknown) => ({ kind: 'failed', channel, why: error instanceof Error ? error.message : String(error) }),
      ),
    );
  }

  /** The news was read. */
  dismiss(): void {
    this.#set(undefined);
  }

  #set(news: CaptureNews | undefined): void {
    this.#news = news;
    this.#listeners.announce();
  }
}
