import { type Board, SLIDE_KINDS } from '../../server/wire/boards.ts';
import type { DraftKind } from './kept-drafts.ts';

/** A board that is edited. */
export interface BoardDraft {
  /** As it was typed, of a new one. */
  readonly id: string;
  readonly board: Board;
}

export const BOARD_DRAFTS: DraftKind<BoardDraft> = { prefix: 'fenestra-board ', isDraft: isBoardDraft };

/** What two boards differ in. */
export function boardDifferences(a: Board, b: Board): readonly (keyof Board)[] {
  const fields: readonly (keyof Board)[] = ['name', 'screen', 'pausesOnCritical', 'slides'];
  return fields.filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));
}

function isBoardDraft(value: unknown): value is BoardDraft {
  const { id, board } = (value ?? {}) as Partial<BoardDraft>;
  const { name, screen, slides } = board ?? {};
  const areNumbers = [screen?.diagonal, screen?.distance].every((each) => typeof each === 'number');
  if (typeof id !== 'string' || typeof name !== 'string' || !areNumbers || !Array.isArray(slides)) return false;
  return slides.length > 0 && slides.every(({ kind, dwellSeconds }) => SLIDE_KINDS.includes(kind) && dwellSeconds > 0);
}
