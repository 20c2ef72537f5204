import type { Board } from '../../server/wire/boards.ts';
import { Listeners, type Store } from '../store/store.ts';
import type { BoardState } from './board-feed.ts';

/** Between the pages of one browser: a draft, or who wants one. */
type Message = { readonly id: string; readonly board?: Board };

const CHANNEL = 'fenestra-board';

/** Tells walls in this browser that preview a board how its draft stands. */
export class BoardPreview {
  readonly #channel = new BroadcastChannel(CHANNEL);
  #shown: Message | undefined;

  constructor() {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data.board === undefined && data.id === this.#shown?.id) this.#channel.postMessage(this.#shown);
    });
  }

  /** `id` is empty for one that has none yet. */
  show(id: string, board: Board): void {
    this.#shown = { id, board };
    this.#channel.postMessage(this.#shown);
  }

  close(): void {
    this.#channel.close();
  }
}

/** The draft of a board that another page of this browser edits; of one that is closed, the last that was heard. */
export class PreviewFeed implements Store<BoardState> {
  readonly #listeners = new Listeners();
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #id: string;
  #value: BoardState = { board: undefined, isUnknown: false, isDraft: true };

  constructor(id: string) {
    this.#id = id;
    this.#channel.addEventListener('message', ({ data: { id, board } }: MessageEvent<Message>) => {
      if (board === undefined || id !== this.#id) return;
      this.#value = { ...this.#value, board };
      this.#listeners.announce();
    });
  }

  get value(): BoardState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  ask(): void {
    this.#channel.postMessage({ id: this.#id } satisfies Message);
  }
}
