import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Flood, FloodWatch } from '../../../server/alarms/flood.ts';

const MINUTE_MS = 60_000;

describe('FloodWatch', () => {
  it('begins a flood with the eleventh in ten minutes, and names the first of them', () => {
    const watch = new FloodWatch();

    for (let i = 0; i < 10; i++) watch.take({ tag: `a-${i}`, atMs: i * MINUTE_MS - i });
    const before = watch.flood;
    watch.take({ tag: 'a-10', atMs: 10 * MINUTE_MS - 1 });

    expect(before).toBeUndefined();
    expect(watch.flood).toEqual({ beginMs: 10 * MINUTE_MS - 1, peak: 11, firstOut: 'a-0' });
  });

  it('counts what is ten minutes old no more', () => {
    const watch = new FloodWatch();

    for (let i = 0; i < 11; i++) watch.take({ tag: `a-${i}`, atMs: i * MINUTE_MS });

    expect(watch.count).toBe(10);
    expect(watch.flood).toBeUndefined();
  });

  it('ends a flood when fewer than five are left, at the moment they are', () => {
    const watch = new FloodWatch();
    for (let i = 0; i < 12; i++) watch.take({ tag: `a-${i}`, atMs: i * 1000 });

    watch.tick(10 * MINUTE_MS + 6999);
    const before = watch.flood;
    watch.tick(20 * MINUTE_MS);

    expect(before?.peak).toBe(12);
    expect(watch.flood).toBeUndefined();
    expect(watch.ended).toEqual({ beginMs: 10_000, endMs: 10 * MINUTE_MS + 7000, peak: 12, firstOut: 'a-0' });
  });

  it('counts what was just there where the clock is set back', () => {
    const watch = new FloodWatch();
    for (let i = 0; i < 8; i++) watch.take({ tag: `a-${i}`, atMs: 3_600_000 + i });

    for (let i = 8; i < 12; i++) watch.take({ tag: `a-${i}`, atMs: i });

    expect(watch.flood).toMatchObject({ beginMs: 10, firstOut: 'a-0' });
    watch.tick(10 * MINUTE_MS + 20);
    expect(watch.count).toBe(0);
  });

  it('finds the floods that counting every moment finds', () => {
    const gaps = fc.array(fc.oneof(fc.nat(20), fc.nat(200), fc.nat(900)), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, (seconds) => {
        const times: number[] = [];
        for (const gap of seconds) times.push((times.at(-1) ?? 0) + gap * 1000);
        const lastMs = (times.at(-1) ?? 0) + 700_000;

        expect(watched(times, lastMs)).toEqual(counted(times, lastMs));
      }),
    );
  });
});

function watched(times: readonly number[], lastMs: number): Flood[] {
  const watch = new FloodWatch();
  const found = new Set<Flood>();
  const tick = (nowMs: number) => {
    watch.tick(nowMs);
    if (watch.ended !== undefined) found.add(watch.ended);
  };
  times.forEach((atMs, i) => {
    tick(atMs);
    watch.take({ tag: `a-${i}`, atMs });
  });
  tick(lastMs);
  return [...found];
}

/** Looks at every second; of those in one second at each, in turn. */
function counted(times: readonly number[], lastMs: number): Flood[] {
  const found: Flood[] = [];
  let flood: Flood | undefined;
  for (let nowMs = 0; nowMs <= lastMs; nowMs += 1000) {
    const old = times.filter((time) => time < nowMs && time > nowMs - 600_000);
    if (flood !== undefined && old.length < 5) {
      found.push({ ...flood, endMs: nowMs });
      flood = undefined;
    }
    times.forEach((time, last) => {
      if (time !== nowMs) return;
      const recent = times.flatMap((other, i) => (i <= last && other > nowMs - 600_000 ? [i] : []));
      if (flood !== undefined) flood = { ...flood, peak: Math.max(flood.peak, recent.length) };
      else if (recent.length > 10) flood = { beginMs: nowMs, peak: recent.length, firstOut: `a-${recent[0]}` };
    });
  }
  return found;
}
