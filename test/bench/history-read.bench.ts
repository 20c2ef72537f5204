import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { type FedHistory, whileFed } from '../support/fed-history.ts';
import { fillChannels, streamOf } from '../support/filled-channels.ts';
import { FILLED_CHANNEL, type FilledPast, fillPast } from '../support/filled-year.ts';
import { Folder } from '../support/folder.ts';
import { channelInfo } from '../support/history-windows.ts';
import { seededRandom } from '../support/seeded-random.ts';

// The year of one channel takes minutes to write, as does the better part of an hour of a hundred; a part of them tells the
// rest. FENESTRA_BENCH=full takes all of it. A segment ends, whatever the clock says, after half an hour of a hundred channels.
const IS_FULL = process.env.FENESTRA_BENCH === 'full';
const [DAYS, HOURS, RANGES, OPEN_MINUTES] = IS_FULL ? [364, 24, 500, 30] : [60, 1, 150, 5];
const COLUMNS = 2000;
const LIMIT_MS = 50;
const LIVE_CHANNELS = 100;
// Cold is what nobody has asked for since the server started, which was not this very moment: it reads ahead after three seconds,
// though not of the channel that is asked for.
const UP_MS = 15_000;

const folder = new Folder();

describe('ranges of the past', () => {
  it('are answered soon at any zoom, while a hundred channels are written', async () => {
    const toNs = (BigInt(systemClock.nowMs()) / 3_600_000n) * 3_600_000n * 1_000_000n;
    const past = await fillPast(folder.path('past/history'), { days: DAYS, hours: HOURS, toNs });
    const ranges = anywhere(past);
    const feed = (startNs: bigint) => ({ infos: liveStreams(`from ${startNs}`), startNs });

    const first = await whileFed(folder.path('past'), feed(past.toNs), async (fed) => {
      const atOnce = await times(fed, ranges);
      return { atOnce, endNs: fed.nowNs() };
    });
    const { cold, warm } = await whileFed(folder.path('past'), feed(first.endNs), (fed) => coldAndWarm(fed, ranges));

    print(
      `${RANGES} ranges of 1 s to ${DAYS} days, ${COLUMNS} columns: ${shown('cold', cold)}; ${shown('warm', warm)}; ` +
        shown('asked the moment the server is there', first.atOnce),
    );
    expect(percentile(warm, 0.99)).toBeLessThan(LIMIT_MS);
    expect(percentile(cold, 0.99)).toBeLessThan(LIMIT_MS);
  });

  it('that end now are answered soon when much of the hour is not sealed yet', async () => {
    const windows = OPEN_MINUTES * 60 * 200;
    const directory = folder.path('open');
    const { fromMs } = await fillChannels(`${directory}/history`, {
      channels: LIVE_CHANNELS,
      hours: 0,
      windowsAnHour: 0,
      openWindows: windows,
    });
    const infos = Array.from({ length: LIVE_CHANNELS }, (_, i) => streamOf(i).info);
    const feed = { infos, startNs: BigInt(fromMs) * 1_000_000n, from: windows };
    const ranges = endingNow(
      infos.map(({ channel }) => channel),
      OPEN_MINUTES * 60,
    );

    const { cold, warm } = await whileFed(directory, feed, (fed) => coldAndWarm(fed, ranges));

    print(
      `${RANGES} ranges of 1 s to ${OPEN_MINUTES} minutes before now, none of it sealed: ${shown('cold', cold)}; ${shown('warm', warm)}`,
    );
    expect(percentile(warm, 0.99)).toBeLessThan(LIMIT_MS);
    expect(percentile(cold, 0.99)).toBeLessThan(LIMIT_MS);
  });
});

async function coldAndWarm(fed: FedHistory, ranges: readonly Range[]): Promise<{ cold: number[]; warm: number[] }> {
  await new Promise((resolve) => setTimeout(resolve, UP_MS));
  const cold = await times(fed, ranges);
  const warm = await times(fed, ranges);
  const { storedRows, givenUpRows, commitP99Ms } = fed.history.status();
  print(`meanwhile ${storedRows} windows stored, commit p99 ${commitP99Ms.toFixed(1)} ms`);
  expect(storedRows).toBeGreaterThan(0);
  expect(givenUpRows).toBe(0);
  return { cold, warm };
}

/** Of the channel that is filled, whose device has come back, and of others that begin with it. */
function liveStreams(stream: string) {
  const others = Array.from({ length: LIVE_CHANNELS - 1 }, (_, i) => `live-${i}`);
  return [FILLED_CHANNEL, ...others].map((channel) => channelInfo(channel, stream));
}

/** Of a channel's past; up to the moment of the question where it has no end. */
interface Range {
  readonly channel: string;
  readonly lengthNs: bigint;
  readonly toNs?: bigint;
}

// Lengths are even on a logarithmic scale. Every tenth is of a channel that began a moment ago; of the filled one, which is
// written as well, a third ends now, as most questions do, the others anywhere.
function anywhere({ channel, fromNs, fullNs, toNs }: FilledPast): Range[] {
  const random = seededRandom(1);
  const longestS = Number(toNs - fromNs) / 1e9;
  return Array.from({ length: RANGES }, (_, i) => {
    const lengthNs = BigInt(Math.round(longestS ** random() * 1e9));
    if (i % 10 === 9) return { channel: `live-${Math.floor(random() * (LIVE_CHANNELS - 1))}`, lengthNs };
    if (i % 3 === 0) return { channel, lengthNs };
    const firstNs = i % 2 === 0 && lengthNs < toNs - fullNs ? fullNs : fromNs;
    return {
      channel,
      lengthNs,
      toNs: firstNs + lengthNs + BigInt(Math.floor(random() * Number(toNs - firstNs - lengthNs))),
    };
  });
}

function endingNow(channels: readonly string[], longestS: number): Range[] {
  const random = seededRandom(2);
  return Array.from({ length: RANGES }, () => ({
    channel: channels[Math.floor(random() * channels.length)],
    lengthNs: BigInt(Math.round(longestS ** random() * 1e9)),
  }));
}

async function times({ history, nowNs }: FedHistory, ranges: readonly Range[]): Promise<number[]> {
  const taken: number[] = [];
  for (const { channel, lengthNs, toNs = nowNs() } of ranges) {
    const startedMs = performance.now();
    const answer = await history.query({ channel, fromNs: toNs - lengthNs, toNs, columns: COLUMNS });
    taken.push(performance.now() - startedMs);
    expect(answer.timeNs.length).toBeLessThanOrEqual(COLUMNS);
    await new Promise((resolve) => setTimeout(resolve, 5)); // a person's hand is slower
  }
  return taken;
}

function shown(name: string, taken: readonly number[]): string {
  const of = (share: number) => percentile(taken, share).toFixed(1);
  return `${name} p50 ${of(0.5)} p90 ${of(0.9)} p99 ${of(0.99)} ms`;
}

function percentile(taken: readonly number[], share: number): number {
  const sorted = [...taken].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

function print(line: string): void {
  console.info(line);
}
