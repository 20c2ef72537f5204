import { describe, expect, it } from 'vitest';
import { SampleClock } from '../../../client/store/sample-clock.ts';
import { ServerClock } from '../../../client/store/server-clock.ts';

const DAY_MS = 86_400_000;

describe('server clock', () => {
  it('keeps the estimate of the shortest round trip', () => {
    let nowMs = 1000;
    const clock = new ServerClock(() => nowMs);

    clock.observe(50_000, { delayMs: 40, errorMs: 40 });
    clock.observe(50_010, { delayMs: 2, errorMs: 2 });
    clock.observe(50_200, { delayMs: 90, errorMs: 90 });
    nowMs = 1500;

    expect(clock.nowMs).toBe(50_512);
  });

  it('follows a step of the server', () => {
    const clock = new ServerClock(() => 0);
    clock.observe(50_000, { delayMs: 1, errorMs: 1 });

    clock.observe(50_000 + DAY_MS, { delayMs: 30, errorMs: 30 });

    expect(clock.nowMs).toBe(50_030 + DAY_MS);
  });

  it('is silent after three seconds, and stands still for the view', () => {
    let nowMs = 0;
    const clock = new ServerClock(() => nowMs);
    clock.observe(50_000, { delayMs: 0, errorMs: 0 });
    clock.hear();

    nowMs = 3000;
    expect(clock.isSilent).toBe(false);
    nowMs = 8000;

    expect(clock.isSilent).toBe(true);
    expect(clock.nowMs).toBe(58_000);
    expect(clock.viewMs).toBe(53_000);
  });
});

describe('silence of a server that never spoke', () => {
  it('is measured from the beginning', () => {
    let nowMs = 7000;
    const clock = new ServerClock(() => nowMs);

    nowMs = 10_000;
    expect(clock.isSilent).toBe(false);
    nowMs = 10_001;

    expect(clock.isSilent).toBe(true);
    expect(clock.silentMs).toBe(3001);
    expect(clock.viewMs).toBeUndefined();
  });
});

describe('sample clock', () => {
  it('runs a day beside the server when the samples do', () => {
    const clock = new SampleClock();

    clock.observe(10_000 - DAY_MS, 10_020);

    expect(clock.at(11_020)).toBe(11_000 - DAY_MS);
  });

  it('never lies before the newest sample, and comes back slowly', () => {
    const clock = new SampleClock();
    clock.observe(1000, 1100);

    clock.observe(1200, 1210); // came quicker
    expect(clock.at(1210)).toBe(1200);
    clock.observe(1300, 1400); // came later
    expect(clock.at(1400)).toBeGreaterThan(1380);
  });

  it('jumps with the samples', () => {
    const clock = new SampleClock();
    clock.observe(1000, 1100);

    clock.observe(1000 - DAY_MS, 1200);

    expect(clock.at(1200)).toBe(1000 - DAY_MS);
  });
});
