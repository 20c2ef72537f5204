import { readdirSync, rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { CaptureFixture, sendSamples } from '../support/capture-fixture.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { channelInfo, historyWindows } from '../support/history-windows.ts';
import { RunningHistory } from '../support/running-history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAST_KEEPING_MS = 40 * DAY_MS; // of tier 0, by default 30 days
const fixture = new CaptureFixture();
const clock = new FakeClock();
let running: RunningHistory | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe('the trend around a recording', () => {
  it('outlives its age while the recording is there, over starts, and no longer', { timeout: 120_000 }, async () => {
    await fixture.start({ capture: { per_hour: 1 } });
    const ids: Record<string, string> = {};
    for (const channel of ['captured', 'deleted', 'other']) {
      await sendSamples(await fixture.open(channel), 0, 20_000);
      if (channel === 'other') continue;
      const { id } = await fixture.client.begin({ channel, beforeSeconds: 0.1, afterSeconds: 0 });
      ids[channel] = (await fixture.client.over(id)).id;
    }
    const refused = await fixture.client.begin({ channel: 'captured', beforeSeconds: 0.1, afterSeconds: 0 });
    expect(refused.state).toBe('refused');
    await fixture.stop();
    await fixture.start();
    await fixture.stop();

    clock.set(Date.now() - clock.nowMs());
    await letPass([HOUR_MS, PAST_KEEPING_MS], ids, ['captured', 'deleted']);

    await fixture.start();
    expect((await fixture.client.remove(ids.deleted!)).status).toBe(204);
    await fixture.stop();
    await letPass([HOUR_MS], ids, ['captured']);

    const files = readdirSync(fixture.folder.path('captures')).filter((name) => name.startsWith(ids.captured!));
    expect(files).toHaveLength(4);
    for (const name of files) rmSync(fixture.folder.path(`captures/${name}`));
    await fixture.start();
    await fixture.stop();
    await letPass([HOUR_MS], ids, []);
  });
});

/** Ends segments at these distances, which makes retention look, until those channels are left. */
async function letPass(
  times: readonly number[],
  ids: Readonly<Record<string, string>>,
  left: readonly string[],
): Promise<void> {
  running = await RunningHistory.start(fixture.folder.path('history'), clock);
  await running.history.replacePins([], Object.values(ids)); // those that there are
  const info = channelInfo('clock', `from-${clock.nowMs()}`);
  running.open(info);
  for (const [window, ms] of times.entries()) {
    running.send(historyWindows(info, window, window + 1));
    await running.stored(window + 1);
    await running.pass(ms);
  }
  await expect.poll(channelsKept).toEqual(left);
  await running.close();
  running = undefined;
}

/** Channels that have sealed windows, but for the one that drives the clock. */
function channelsKept(): string[] {
  const names = readdirSync(fixture.folder.path('history/sealed/tier=0'), { recursive: true, encoding: 'utf8' });
  const channels = names.flatMap((name) => /channel=([^/]+)\/.*parquet$/.exec(name)?.[1] ?? []);
  return [...new Set(channels)].filter((name) => name !== 'clock').sort();
}
