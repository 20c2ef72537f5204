import { expect } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { channelInfo } from './history-windows.ts';
import { RunningHistory } from './running-history.ts';
import { seededRandom } from './seeded-random.ts';
import { trendWindow } from './trend-windows.ts';

export interface ChannelsToFill {
  readonly channels: number;
  /** Hours that are sealed, and the windows of a channel in each. */
  readonly hours: number;
  readonly windowsAnHour: number;
  /** Windows of a channel that follow and are not sealed. */
  readonly openWindows: number;
}

export interface FilledChannels {
  readonly names: readonly string[];
  /** Of each channel. */
  readonly samples: number;
  readonly fromMs: number;
}

const WINDOW = 50_000;
const WINDOW_MS = 5;
const PARCEL_WINDOWS = 200;
const HOUR_MS = 3_600_000;
const SEALED = { timeout: 600_000 };

/**
 * Fills a history through its writer as a server does that has run for hours:
 * with figures that do not compress, up to now.
 */
export async function fillChannels(directory: string, options: ChannelsToFill): Promise<FilledChannels> {
  const { hours, windowsAnHour, openWindows } = options;
  const clock = new FakeClock();
  clock.set(Date.now() - clock.nowMs() - hours * HOUR_MS);
  const windows = hours * windowsAnHour + openWindows;
  const fromMs = Date.now() - windows * WINDOW_MS;
  const running = await RunningHistory.start(directory, clock);
  const feed = feeder(running, options, fromMs);
  for (let hour = 1; hour <= hours; hour++) {
    await feed.add(windowsAnHour - 1);
    clock.advance(HOUR_MS);
    await feed.add(1); // which ends the segment
    await expect.poll(() => running.isSealed(hour), SEALED).toBe(true);
  }
  await feed.add(openWindows);
  await running.close();
  return { names: feed.names, samples: windows * WINDOW, fromMs };
}

function feeder(running: RunningHistory, { channels }: ChannelsToFill, fromMs: number) {
  const more = { rateHz: 10_000_000, window: WINDOW };
  const infos = Array.from({ length: channels }, (_, i) => channelInfo(`filled.${i}`, `run-${i}`, more));
  const random = seededRandom(1);
  const startNs = BigInt(fromMs) * 1_000_000n;
  let index = 0;
  for (const info of infos) running.open(info);
  const windowsAt = (at: number) => {
    const timeNs = startNs + BigInt(at * WINDOW_MS) * 1_000_000n;
    return infos.map(({ channel, stream }) => {
      const mean = random();
      const summary = {
        count: WINDOW,
        min: mean - random(),
        max: mean + random(),
        mean,
        m2: random(),
        clipped: 0,
        nonfinite: 0,
      };
      return trendWindow({ index: at, channel, stream, size: WINDOW, timeNs, summary });
    });
  };
  return {
    names: infos.map(({ channel }) => channel),
    async add(windows: number): Promise<void> {
      for (const end = index + windows; index < end; ) {
        const until = Math.min(end, index + PARCEL_WINDOWS);
        for (; index < until; index++) running.send(windowsAt(index));
        await running.stored(index * channels);
      }
    },
  };
}
