import { cpSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { limitFiles } from '../../support/file-limit.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory, readFiles } from '../../support/running-history.ts';
import { hasTool } from '../../support/tools.ts';

const FULL_BYTES = 150_000;
/** Room for the files of a small segment that is sealed, and none for the next one. */
const NO_SEGMENT_BYTES = 12_000;
/** Room for sealed files, and none for what the log of a segment would add to its database. */
const NO_CHECKPOINT_BYTES = 100_000;
const SEALED_MS = 2000;
const folder = new Folder();
const info = channelInfo('A');
const other = channelInfo('B');

describe.skipIf(!hasTool('prlimit'))('a full disk', () => {
  afterEach(() => limitFiles(undefined));

  it('makes windows wait, says so, and loses none when there is room again', async () => {
    const run = await RunningHistory.start(folder.path('history'));
    await fill(run);

    const { storedRows, pendingRows, state, problem } = run.history.status();
    expect({ state, problem }).toMatchObject({
      state: 'failing',
      problem: expect.stringContaining('cannot be written'),
    });
    expect(storedRows + pendingRows).toBe(8000);
    expect(run.mark(info)).toBe(storedRows * info.window);

    limitFiles(undefined);
    await run.stored(8000);
    expect(run.history.status()).toMatchObject({ state: 'working', pendingRows: 0, givenUpRows: 0 });
    expect(run.mark(info)).toBe(80_000);
    await run.close();
    await expectWindows(run.directory, 8000);
  });

  it('gives up what waited for a minute, asks for it when there is room again, and takes it then', async () => {
    const run = await RunningHistory.start(folder.path('history'));
    const stored = await fill(run);
    run.clock.advance(61_000);
    await expect.poll(() => run.history.status().pendingRows).toBeLessThan(4000); // all but the batch under way
    run.send(historyWindows(info, 8000, 9000));

    limitFiles(undefined);
    await expect.poll(() => run.resends(info)).toHaveLength(1);
    const { givenUpRows, holeWindows } = run.history.status();
    expect(givenUpRows).toBeGreaterThan(0);
    expect(holeWindows).toBe(givenUpRows);
    const [from] = run.resends(info);
    expect(from).toBeGreaterThanOrEqual(stored * info.window);
    expect(run.mark(info)).toBe(from);

    run.open({ ...info, description: 'moved' }); // nobody sends again for that
    run.send(historyWindows(info, 9000, 9001));
    await run.stored(9001 - givenUpRows);
    expect(run.history.status()).toMatchObject({ holeWindows: givenUpRows });
    expect(run.mark(info)).toBe(from);

    run.open(info, from); // the device is back
    run.send(historyWindows(info, from! / info.window, 9001));
    await expect.poll(() => run.mark(info)).toBe(90_010);
    expect(run.history.status()).toMatchObject({ holeWindows: 0 });
    await run.close();
    await expectWindows(run.directory, 9001);
  });

  it('is remembered by what was given up, also by the next server', async () => {
    const run = await RunningHistory.start(folder.path('history'));
    await fill(run);
    run.clock.advance(61_000);
    await expect.poll(() => run.history.status().givenUpRows).toBeGreaterThan(0);
    run.send(historyWindows(info, 8000, 9000));
    limitFiles(undefined);
    await expect.poll(() => run.resends(info)).toHaveLength(1);
    await run.close();

    const next = await RunningHistory.start(run.directory);

    const [from] = run.resends(info);
    expect(next.history.marks).toEqual([expect.objectContaining({ info, nextSample: from })]);
    next.open(info, from);
    next.send(historyWindows(info, 8990, 9001)); // the device has no older ones
    await next.stored(1);
    expect(next.mark(info)).toBe(90_010);
    expect(next.history.status().holeWindows).toBe(0);
    await next.close();
  });

  it('that has no room for the next hour leaves what was given up before it on the disk', async () => {
    const run = await RunningHistory.start(folder.path('history'));
    await fill(run);
    run.clock.advance(61_000);
    await expect.poll(() => run.history.status().givenUpRows).toBeGreaterThan(0);
    limitFiles(undefined);
    await expect.poll(() => run.resends(info)).toHaveLength(1);
    await run.rollOver();
    await expect.poll(() => run.isSealed(1)).toBe(true);
    const { storedRows } = run.history.status();
    run.send(historyWindows(info, 9000, 9010));
    await run.stored(storedRows + 10);

    limitFiles(NO_SEGMENT_BYTES);
    run.clock.advance(3_600_000);
    await expect.poll(() => run.history.status().state).toBe('failing');
    await new Promise((resolve) => setTimeout(resolve, SEALED_MS));
    const killed = folder.path('killed');
    await run.history.freeze(async () => {
      limitFiles(undefined);
      cpSync(run.directory, killed, { recursive: true });
    });
    const { holeWindows } = run.history.status();
    await run.close();

    const next = await RunningHistory.start(killed);
    expect(holeWindows).toBeGreaterThan(0);
    expect(next.history.status()).toMatchObject({ holeWindows });
    await next.close();
  });

  it('does not keep the database of a segment that is sealed', async () => {
    const run = await RunningHistory.start(folder.path('history'));
    run.open(info);
    run.send(historyWindows(info, 0, 500));
    await run.stored(500);

    await run.rollOver();
    limitFiles(NO_CHECKPOINT_BYTES);

    await expect.poll(() => run.isSealed(1)).toBe(true);
    expect(run.history.status().tidyProblem).toBeUndefined();
    limitFiles(undefined);
    await run.close();
  });

  it('at the start leaves a server that keeps nothing yet, and recovers', async () => {
    const first = await RunningHistory.start(folder.path('history'));
    first.open(other);
    first.send(historyWindows(other, 0, 10));
    await first.stored(10);
    await first.close();
    limitFiles(1);

    const run = await RunningHistory.start(folder.path('history'));
    run.open(info);
    run.send(historyWindows(info, 0, 100));
    await expect.poll(() => run.history.status().state).toBe('failing');
    limitFiles(undefined);
    await run.stored(100);
    await run.close();
  });
});

/** Sends windows until the disk is full and some wait; resolves to how many are stored. */
async function fill(run: RunningHistory): Promise<number> {
  run.open(info);
  run.send(historyWindows(info, 0, 100));
  await run.stored(100);
  limitFiles(FULL_BYTES);
  for (let from = 100; from < 4840; from += 1580) {
    run.send(historyWindows(info, from, from + 1580));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await expect.poll(() => run.history.status().state).toBe('failing');
  run.send(historyWindows(info, 4840, 8000)); // wait for what cannot be written
  return run.history.status().storedRows;
}

async function expectWindows(directory: string, count: number): Promise<void> {
  const { tiers } = await readFiles(directory);
  expect(tiers[0]!.map(({ window }) => window).sort((a, b) => a - b)).toEqual(
    Array.from({ length: count }, (_, i) => i),
  );
}
