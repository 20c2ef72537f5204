import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { type StoredDocument, VersionedStore } from '../durable/versioned-store.ts';
import { BoardSchema } from '../wire/board-schema.ts';
import { BOARD_LIMIT, type Board, type BoardPut, type BoardReply, DEFAULT_BOARD } from '../wire/boards.ts';

export interface BoardStoreOptions {
  /** Made where it is not there. */
  readonly folder: string;
  /** Whether this server holds the lock of the storage directory; else nothing is kept. */
  readonly isOurs: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told after every change, with a number that no change before had, also not in an earlier life. */
  readonly onChange: (revision: number) => void;
}

const MOST = { documents: BOARD_LIMIT, bytes: 1 << 20 };
/** What shows all channels, where nobody made a default. */
const MADE: BoardReply = {
  id: DEFAULT_BOARD,
  version: 0,
  board: {
    name: 'Fenestra',
    screen: { diagonal: 65, distance: 5 },
    pausesOnCritical: true,
    slides: [
      { kind: 'tiles', channels: [], dwellSeconds: 30 },
      { kind: 'alarms', dwellSeconds: 15 },
      { kind: 'diagnoses', channels: [], dwellSeconds: 15 },
    ],
  },
};

const NOT_OURS = new AppError('STORAGE_FAILED', 'the storage directory is not ours');

/**
 * The boards of walls, and the one that is always there. Where the store cannot
 * be opened walls show that one, and changes are refused with `STORAGE_FAILED`.
 */
export class BoardStore {
  readonly #onChange: BoardStoreOptions['onChange'];
  #store: VersionedStore<Board> | undefined;
  #failure: unknown;
  #revision: number;

  constructor({ clock, onChange }: Pick<BoardStoreOptions, 'clock' | 'onChange'>) {
    this.#onChange = onChange;
    this.#revision = Math.floor(clock.nowMs());
  }

  /** Never rejects. */
  static async open({ folder, isOurs, clock, log, onChange }: BoardStoreOptions): Promise<BoardStore> {
    const boards = new BoardStore({ clock, onChange });
    try {
      if (!isOurs) throw NOT_OURS;
      const parse = (json: unknown) => BoardSchema.parse(json);
      boards.#store = await VersionedStore.open({ folder, log, clock, parse, most: MOST });
    } catch (error) {
      boards.#failure = error;
      log.error({ err: error }, 'the boards of walls cannot be opened: walls show the default one until a restart');
    }
    onChange(boards.#revision);
    return boards;
  }

  /** By identifier, the default one among them. */
  list(): BoardReply[] {
    const kept = (this.#store?.list() ?? []).map(toReply);
    const isMade = kept.some(({ id }) => id === DEFAULT_BOARD);
    return (isMade ? kept : [...kept, MADE]).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Throws `BOARD_UNKNOWN`. */
  find(id: string): BoardReply {
    const found = this.#store?.get(id);
    if (found !== undefined) return toReply(found);
    if (id === DEFAULT_BOARD) return MADE;
    throw unknown(id);
  }

  /** Resolves when it is on the disk; rejects with `VERSION_CONFLICT` or `STORAGE_FAILED`. */
  async put(id: string, { expectedVersion, board }: BoardPut, by: string): Promise<BoardReply> {
    const store = this.#open();
    await store.put(id, board, { expectedVersion, by });
    this.#changed();
    return this.find(id);
  }

  /** As `put`; and `BOARD_UNKNOWN`. The default one becomes what the server makes it. */
  async remove(id: string, expectedVersion: number, by: string): Promise<void> {
    const store = this.#open();
    if (store.get(id) === undefined) throw unknown(id);
    await store.remove(id, { expectedVersion, by });
    this.#changed();
  }

  /** Why the boards are not kept as they should be, in words. */
  problems(): string[] {
    if (this.#failure === NOT_OURS) return []; // whose storage it is is told by the history
    if (this.#store === undefined) return [`the boards of walls cannot be opened: ${String(this.#failure)}`];
    const { problem } = this.#store.status();
    return problem === undefined ? [] : [`the boards of walls: ${problem}`];
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  #open(): VersionedStore<Board> {
    if (this.#store !== undefined) return this.#store;
    throw new AppError('STORAGE_FAILED', `the boards cannot be changed: ${String(this.#failure)}`);
  }

  #changed(): void {
    this.#revision++;
    this.#onChange(this.#revision);
  }
}

function toReply({ key: id, version, document: board, by, atMs }: StoredDocument<Board>): BoardReply {
  return { id, version, board, by, atMs };
}

function unknown(id: string): AppError {
  return new AppError('BOARD_UNKNOWN', `there is no board ${id}, expected one of GET /api/boards`);
}
