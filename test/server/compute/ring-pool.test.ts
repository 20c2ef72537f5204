import { describe, expect, it } from 'vitest';
import { RingPool } from '../../../server/compute/ring-pool.ts';
import type { RawRing } from '../../../server/trend/raw-ring.ts';

describe('RingPool', () => {
  it('gives each the most it may have, and shrinks all where more come', () => {
    const pool = new RingPool({ ringBytes: 1 << 20, ringsBytes: 4 << 20 });
    const owners = Array.from({ length: 4 }, (_, i) => enter(pool, `c${i}`));
    expect(owners.map(({ ring }) => ring.sizeBytes)).toEqual([1 << 20, 1 << 20, 1 << 20, 1 << 20]);

    const fifth = enter(pool, 'c4');
    pool.balance();

    expect([...owners, fifth].map(({ ring }) => ring.sizeBytes)).toEqual(Array.from({ length: 5 }, () => 1 << 19));
    expect(pool.status()[4]).toEqual({ channel: 'c4', bytes: 1 << 19, seconds: (1 << 18) / 1000 });
  });

  it('lets them grow again when others go', () => {
    const pool = new RingPool({ ringBytes: 1 << 20, ringsBytes: 1 << 20 });
    const [a, b] = [enter(pool, 'a'), enter(pool, 'b')];
    pool.balance();

    pool.leave('b', b);
    pool.balance();

    expect(a.ring.sizeBytes).toBe(1 << 20);
    expect(pool.find('b')).toBeUndefined();
  });

  it('moves no more than 32 MiB and 64 rings in a turn, but all in the end', () => {
    const pool = new RingPool({ ringBytes: 64 << 20, ringsBytes: 256 << 20 });
    const big = Array.from({ length: 5 }, (_, i) => enter(pool, `big ${i}`));
    pool.balance();
    expect(big.filter(({ moves }) => moves > 0)).toHaveLength(1);
    for (let i = 0; i < 5; i++) pool.balance();
    expect(big.map(({ ring }) => ring.sizeBytes)).toEqual(big.map(() => 32 << 20));

    const many = Array.from({ length: 2000 }, (_, i) => enter(pool, `small ${i}`));
    pool.balance();
    const moved = [...big, ...many].reduce((sum, { moves }) => sum + moves, 0);
    for (let i = 0; i < 100; i++) pool.balance();

    expect(moved).toBeLessThanOrEqual(4 + 64);
    expect(new Set([...big, ...many].map(({ ring }) => ring.sizeBytes))).toEqual(new Set([1 << 17]));
  });

  it('never goes below one read of a socket', () => {
    const pool = new RingPool({ ringBytes: 1 << 16, ringsBytes: 1 << 16 });
    for (let i = 0; i < 10; i++) expect(enter(pool, `c${i}`).ring.sizeBytes).toBe(1 << 16);
  });
});

interface Owner {
  readonly ring: RawRing & { sizeBytes: number };
  moves: number;
  resize(bytes: number): void;
}

function enter(pool: RingPool, channel: string): Owner {
  const ring = { sizeBytes: 0, sampleBytes: 2, info: { rateHz: 1000 } } as Owner['ring'];
  const owner: Owner = {
    ring,
    moves: 0,
    resize(bytes) {
      owner.moves++;
      ring.sizeBytes = bytes;
    },
  };
  ring.sizeBytes = pool.enter(channel, owner);
  return owner;
}
