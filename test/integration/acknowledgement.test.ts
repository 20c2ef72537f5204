import { afterEach, describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { SteppedClock } from '../support/stepped-clock.ts';
import { StorageServer } from '../support/storage-server.ts';
import { hasTool } from '../support/tools.ts';

// What a device is told to be safe, by the built server: how soon, and that
// it is, wherever clocks go.

const SECONDS = runs(3, 60);
const SPEED = { window: 1000, windowsPerSecond: 200 };
const P99_MS = 150;
const IS_SOAK = runs(0, 1) === 1;
const HOUR = 3600;
const DAY = 86_400;

let plant: StorageServer;
afterEach(() => plant.remove());

describe('A6: an acknowledgement', () => {
  it('follows the last sample of a window, eight channels of 200 windows a second', async () => {
    plant = new StorageServer();
    await plant.start();

    await plant.startDevices(8, SPEED);
    await pause(SECONDS * 1000);
    const p99 = plant.acknowledgementP99Ms;
    const stored = await plant.expectKept();

    console.log(`acknowledged after ${p99.toFixed(0)} ms (p99 of ${stored[0].length} windows)`);
    expect(stored[0].length).toBeGreaterThan(100);
    if (IS_SOAK) expect(p99).toBeLessThanOrEqual(P99_MS);
  });
});

describe('B7: a clock that is set', () => {
  it('on a device, by an hour and a day in both directions, loses and reorders nothing and is recorded', async () => {
    const steps = [HOUR, -HOUR, DAY, -DAY, -HOUR, HOUR, -DAY, DAY].map((seconds, i) => ({ at: 15 * (i + 1), seconds }));
    plant = new StorageServer();
    const { url, logs } = await plant.start();

    await plant.startDevices(2, { window: 100, windowsPerSecond: 100, clockSteps: steps });
    await expect
      .poll(() => Math.min(...plant.devices.map(({ acknowledged }) => acknowledged)), POLL)
      .toBeGreaterThan(150);
    const reply = await fetch(`${url}/api/system`);
    const { ledger } = (await reply.json()) as { ledger: { clockSteps: { from: number; stepMs: number }[] }[] };
    await plant.expectKept();

    const told = steps.map(({ at, seconds }) => [at * 100, seconds * 1000]);
    expect(ledger.map(({ clockSteps }) => clockSteps.map(({ from, stepMs }) => [from, stepMs]))).toEqual([told, told]);
    expect(logs.some(({ msg, stepMs }) => msg === "a device's clock was set" && stepMs === -HOUR * 1000)).toBe(true);
  });

  it.skipIf(!hasTool('gcc'))('on the server, by an hour and a day in both directions, likewise', async () => {
    plant = new StorageServer();
    const clock = new SteppedClock(plant.folder);
    const { logs } = await plant.start(clock.environment);
    await plant.startDevices(2, { window: 100, windowsPerSecond: 100 });

    for (const seconds of [HOUR, 0, DAY, 0, -HOUR, 0, -DAY, 0]) {
      clock.set(seconds);
      await pause(400);
    }
    await plant.expectKept();

    const told = logs.filter(({ msg }) => msg === "this machine's clock was set, or it slept");
    const hours = told.map(({ stepMs }) => Math.round(Number(stepMs) / 1000 / HOUR));
    expect(hours).toEqual([1, -1, 24, -24, -1, 1, -24, 24]);
  });
});

const POLL = { interval: 20 };

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
