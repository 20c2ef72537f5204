import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileBoard } from '../../../client/components/tile-board.ts';
import type { ChannelState } from '../../../client/store/channel-store.ts';

const ALL = { capacity: 100, nowMs: 0, isHeld: false };

describe('a board with room for all', () => {
  it('puts first what a model finds out of place, then what it suspects, though values are where they belong', () => {
    const channels = [calm('a'), stale('b'), calm('c'), calm('d')];
    const remarkOf = ({ name }: { name: string }) => (name === 'd' ? 'fault' : name === 'c' ? 'suspicion' : undefined);

    expect(names(new TileBoard(), channels, { ...ALL, remarkOf })).toEqual(['d', 'c', 'b', 'a']);
  });

  it('keeps the order of the channels while none is urgent', () => {
    expect(names(new TileBoard(), [calm('a'), calm('b'), calm('c')], ALL)).toEqual(['a', 'b', 'c']);
  });

  it('puts what is out of place first, then what cannot be trusted', () => {
    const channels = [calm('a'), stale('b'), calm('c'), high('d'), stale('e'), high('f')];

    expect(names(new TileBoard(), channels, ALL)).toEqual(['d', 'f', 'b', 'e', 'a', 'c']);
  });

  it('keeps an urgent channel in its place for ten seconds after it has calmed down', () => {
    const board = new TileBoard();
    names(board, [calm('a'), high('b')], ALL);

    expect(names(board, [calm('a'), calm('b')], { ...ALL, nowMs: 9_999 })).toEqual(['b', 'a']);
    expect(names(board, [calm('a'), calm('b')], { ...ALL, nowMs: 10_000 })).toEqual(['a', 'b']);
  });

  it('moves nothing while it is held', () => {
    const board = new TileBoard();
    names(board, [calm('a'), high('b'), calm('c')], ALL);

    const held = { ...ALL, nowMs: 60_000, isHeld: true };
    expect(names(board, [high('a'), calm('b'), high('c')], held)).toEqual(['b', 'a', 'c']);
  });
});

describe('a board with room for some', () => {
  const channels = [calm('a'), calm('b'), high('c'), calm('d'), calm('e')];

  it('always shows the urgent ones and lets the others take turns', () => {
    const board = new TileBoard();
    const at = (nowMs: number) => names(board, channels, { capacity: 3, nowMs, isHeld: false });

    expect(at(0)).toEqual(['c', 'a', 'b']);
    expect(at(9_999)).toEqual(['c', 'a', 'b']);
    expect(at(10_000)).toEqual(['c', 'd', 'e']);
    expect(at(20_000)).toEqual(['c', 'a', 'b']);
  });

  it('says which board of how many it is', () => {
    expect(new TileBoard().arrange(channels, { capacity: 3, nowMs: 10_000, isHeld: false })).toMatchObject({
      turn: 1,
      turns: 2,
    });
  });

  it('lets the urgent ones take turns where they alone are too many', () => {
    const urgent = [high('a'), high('b'), calm('c'), high('d')];
    const board = new TileBoard();

    expect(names(board, urgent, { capacity: 2, nowMs: 0, isHeld: false })).toEqual(['a', 'b']);
    expect(names(board, urgent, { capacity: 2, nowMs: 10_000, isHeld: false })).toEqual(['d', 'a']);
  });

  it('shows every channel within its turns, unless urgent ones take all the room, and none twice at once', () => {
    const fleet = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fleet, fc.integer({ min: 1, max: 12 }), (kinds, capacity) => {
        const all = kinds.map((isHigh, i) => (isHigh ? high(`${i}`) : calm(`${i}`)));
        const urgent = all.filter((_, i) => kinds[i]);
        const board = new TileBoard();
        const { turns } = board.arrange(all, { capacity, nowMs: 0, isHeld: false });
        const shown = Array.from({ length: turns }, (_, turn) =>
          names(board, all, { capacity, nowMs: turn * 10_000, isHeld: false }),
        );

        for (const each of shown) {
          expect(each).toHaveLength(Math.min(capacity, all.length));
          expect(new Set(each).size).toBe(each.length);
        }
        const wanted = all.length > capacity && urgent.length >= capacity ? urgent : all;
        expect([...new Set(shown.flat())].sort()).toEqual(wanted.map(({ name }) => name).sort());
      }),
    );
  });
});

function names(board: TileBoard, channels: readonly Tile[], room: Parameters<TileBoard['arrange']>[1]): string[] {
  return board.arrange(channels, room).channels.map(({ name }) => name);
}

interface Tile {
  readonly name: string;
  readonly value: ChannelState;
}

function calm(name: string): Tile {
  return { name, value: state(0.5) };
}

function high(name: string): Tile {
  return { name, value: state(1.5) };
}

function stale(name: string): Tile {
  return { name, value: { ...state(0.5), isStale: true } };
}

function state(mean: number): ChannelState {
  const reading = { mean, min: 0, max: 2, spread: 0.01, count: 100, clipped: 0, nonfinite: 0, flags: 0, timeMs: 0 };
  return {
    channel: {
      name: '',
      label: '',
      unit: 'V',
      normal: [0, 1],
      rateHz: 10,
      window: 10,
      datatype: 'ri16_le',
      description: '',
      hardware: '',
    },
    isFrozen: false,
    frozenMs: undefined,
    reading,
    ageMs: 0,
    isStale: false,
    isBehind: false,
    pulse: undefined,
  };
}
