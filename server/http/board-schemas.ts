import { z } from 'zod';
import { BoardSchema } from '../wire/board-schema.ts';
import type { BoardPut, BoardReply, BoardsReply } from '../wire/boards.ts';

/** The body of `PUT /api/boards/:id`. */
export const BoardBody = z.strictObject({
  expectedVersion: z.int().min(0).describe('the version that was edited, 0 for one that is not there'),
  board: BoardSchema,
}) satisfies z.ZodType<BoardPut>;

/** The query of `DELETE /api/boards/:id`. */
export const BoardRemoval = z.strictObject({
  expectedVersion: z.coerce.number().int().min(1).describe('the version that is to go, from 1'),
});

const board = z.strictObject({
  id: z.string(),
  version: z.int().min(0).describe('0 of the one that the server made'),
  board: BoardSchema,
  by: z.string().optional(),
  atMs: z.number().optional().describe('ms since 1970 UTC'),
}) satisfies z.ZodType<BoardReply>;

/** What is answered of boards. */
export const BOARD_REPLIES = {
  BoardReply: board,
  BoardsReply: z.strictObject({ boards: z.array(board) }) satisfies z.ZodType<BoardsReply>,
};
