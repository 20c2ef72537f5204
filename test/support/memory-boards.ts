import { AppError } from '../../server/base/errors.ts';
import type { BoardSource } from '../../server/http/board-source.ts';
import type { Board, BoardReply, SlideKind } from '../../server/wire/boards.ts';

/** A board of one slide of all channels, but for `parts`. */
export function boardOf(parts: Partial<Board> = {}): Board {
  return {
    name: 'Bay 4',
    screen: { diagonal: 65, distance: 5 },
    pausesOnCritical: true,
    slides: [{ kind: 'tiles', channels: [], dwellSeconds: 30 }],
    ...parts,
  };
}

/** Boards in memory, which begin with `first`, each at version 1. */
export function memoryBoards(
  first: Readonly<Record<string, Board>> = {},
): BoardSource & { readonly kept: Map<string, BoardReply> } {
  const kept = new Map<string, BoardReply>(
    Object.entries(first).map(([id, board]) => [id, { id, version: 1, board, by: 'Kim', atMs: 0 }]),
  );
  const expect = (id: string, expectedVersion: number) => {
    const { version = 0, board: document } = kept.get(id) ?? {};
    if (version === expectedVersion) return;
    const details = { key: id, version, document };
    throw new AppError('VERSION_CONFLICT', `${id} is at version ${version}, not at ${expectedVersion}`, { details });
  };
  const find = (id: string) => {
    const found = kept.get(id);
    if (found === undefined) throw new AppError('BOARD_UNKNOWN', `there is no board ${id}`);
    return found;
  };
  return {
    kept,
    list: () => [...kept.values()],
    find,
    put: async (id, { expectedVersion, board }, by) => {
      expect(id, expectedVersion);
      kept.set(id, { id, version: expectedVersion + 1, board, by, atMs: Date.now() });
      return find(id);
    },
    remove: async (id, expectedVersion) => {
      find(id);
      expect(id, expectedVersion);
      kept.delete(id);
    },
  };
}

/** A board that stays at one slide. */
export function still(kind: SlideKind, ...channels: string[]): Partial<Board> {
  const dwellSeconds = 3600;
  if (kind === 'alarms') return { slides: [{ kind, dwellSeconds }] };
  if (kind === 'trends') return { slides: [{ kind, channels, windowSeconds: 60, dwellSeconds }] };
  return { slides: [{ kind, channels, dwellSeconds }] };
}
