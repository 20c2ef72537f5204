import type { Board, BoardReply } from '../../server/wire/boards.ts';
import type { BoardClient } from '../net/boards.ts';
import { Repeated } from '../net/repeated.ts';
import { RefusedError } from '../net/request.ts';
import { Listeners, type Store } from '../store/store.ts';

/** What a wall knows of its board. */
export interface BoardState {
  /** The newest that could be had; undefined before the first. */
  readonly board: Board | undefined;
  /** There is no such board. */
  readonly isUnknown: boolean;
  /** It is edited and not saved. */
  readonly isDraft?: boolean;
}

// A change is told with the heartbeat; this is for who cannot hear it.
const EVERY_MS = 15_000;

/** The board of a wall, from the server. */
export class BoardFeed implements Store<BoardState> {
  readonly #listeners = new Listeners();
  readonly #id: string;
  readonly #repeated: Repeated<string, BoardReply>;
  #value: BoardState = { board: undefined, isUnknown: false };
  #written = '';

  constructor(boards: BoardClient, id: string) {
    this.#id = id;
    this.#repeated = new Repeated({
      ask: (asked: string, signal) => boards.find(asked, signal),
      everyMs: EVERY_MS,
      receive: ({ board }) => this.#set({ board, isUnknown: false }),
      miss: (error) => {
        const isUnknown = error instanceof RefusedError && error.status === 404;
        if (isUnknown) this.#set({ board: undefined, isUnknown }); // else the one that is known stays
      },
    });
  }

  get value(): BoardState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Asks now, and now and then from now on. */
  ask(): void {
    this.#repeated.ask(this.#id);
  }

  // What has not changed is not drawn anew.
  #set(value: BoardState): void {
    const written = JSON.stringify(value);
    if (written === this.#written) return;
    this.#written = written;
    this.#value = value;
    this.#listeners.announce();
  }
}
