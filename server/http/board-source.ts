import type { BoardPut, BoardReply } from '../wire/boards.ts';

/** The boards of walls. Changes resolve when they are on the disk; they reject with `VERSION_CONFLICT` or `STORAGE_FAILED`. */
export interface BoardSource {
  list(): readonly BoardReply[];
  /** Throws `BOARD_UNKNOWN`. */
  find(id: string): BoardReply;
  put(id: string, put: BoardPut, by: string): Promise<BoardReply>;
  /** Rejects with `BOARD_UNKNOWN`. */
  remove(id: string, expectedVersion: number, by: string): Promise<void>;
}
