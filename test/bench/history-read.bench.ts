import { performance } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import type { HistoryThread } from '../../server/history-thread.ts';
import type { FromHistory, ToHistory } from '../../server/trend/durable-link.ts';
import { windowNs } from '../../server/trend/trend-window.ts';
import { WindowOutbox } from '../../server/trend/window-outbox.ts';
import { FILLED_CHANNEL, type FilledPast, fillPast } from '../support/filled-year.ts';
import { Folder } from '../support/folder.ts';
import { startHistoryThread } from '../support/history-thread.ts';
import { channelInfo, historyWindow } from '../support/history-windows.ts';
import { seededRandom } from '../support/seeded-random.ts';

// The year of one channel takes minutes to write; a part of it tells the rest. FENESTRA_BENCH=full takes all of it.
const [DAYS, HOURS, RANGES] = process.env.FENESTRA_BENCH === 'full' ? [364, 24, 500] : [60, 1, 150];
const COLUMNS = 2000;
const LIMIT_MS = 50;
const LIVE_CHANNELS = 100;
const LIVE_MS = 50;
// Cold is what nobody has asked for since the server started, which was not this very moment: it reads ahead after three seconds,
// though not of the channel that is asked for.
const UP_MS = 15_000;

const folder = new Folder();

describe('ranges of the past', () => {
  it('are answered soon at any zoom, while a hundred channels are written', async () => {
    const toNs = (BigInt(systemClock.nowMs()) / 3_600_000n) * 3_600_000n * 1_000_000n;
    const past = await fillPast(folder.path('history'), { days: DAYS, hours: HOURS, toNs });
    const ranges = randomRanges(past);
    const now = clockFrom(past.toNs);

    const atOnce = await whileWritten(now, (history) => times(history, ranges, now));
    const up = await whileWritten(now, async (history) => {
      await new Promise((resolve) => setTimeout(resolve, UP_MS));
      const cold = await times(history, ranges, now);
      const warm = await times(history, ranges, now);
      return { cold, warm, stored: history.status() };
    });

    const { cold, warm, stored } = up;
    print(
      `${RANGES} ranges of 1 s to ${DAYS} days, ${COLUMNS} columns: ${shown('cold', cold)}; ${shown('warm', warm)}; ` +
        shown('asked the moment the server is there', atOnce),
    );
    print(`meanwhile ${stored.storedRows} windows stored, commit p99 ${stored.commitP99Ms.toFixed(1)} ms`);
    expect(stored.givenUpRows).toBe(0);
    expect(percentile(warm, 0.99)).toBeLessThan(LIMIT_MS);
    expect(percentile(cold, 0.99)).toBeLessThan(LIMIT_MS);
  });
});

/** Runs `task` with a history that has just started, while a hundred channels are written. */
async function whileWritten<T>(now: () => bigint, task: (history: HistoryThread) => Promise<T>): Promise<T> {
  const { thread: history, ingestPort } = await startHistoryThread(folder.path());
  const stop = feed(ingestPort!, now);
  try {
    await expect.poll(async () => (await history.channels()).length).toBeGreaterThanOrEqual(LIVE_CHANNELS);
    return await task(history);
  } finally {
    stop();
    ingestPort!.close();
    await history.close();
  }
}

/** Of a channel's past; up to the moment of the question where it has no end. */
interface Range {
  readonly channel: string;
  readonly lengthNs: bigint;
  readonly toNs?: bigint;
}

// Lengths are even on a logarithmic scale. Every tenth is of a channel that began a moment ago; of the filled one, which is
// written as well, a third ends now, as most questions do, the others anywhere.
function randomRanges({ channel, fromNs, fullNs, toNs }: FilledPast): Range[] {
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

async function times(history: HistoryThread, ranges: readonly Range[], now: () => bigint): Promise<number[]> {
  const taken: number[] = [];
  for (const { channel, lengthNs, toNs = now() } of ranges) {
    const startedMs = performance.now();
    const answer = await history.query({ channel, fromNs: toNs - lengthNs, toNs, columns: COLUMNS });
    taken.push(performance.now() - startedMs);
    expect(answer.timeNs.length).toBeLessThanOrEqual(COLUMNS);
    await new Promise((resolve) => setTimeout(resolve, 5)); // a person's hand is slower
  }
  return taken;
}

/** A sample clock that goes on where the past ends, ns. */
function clockFrom(toNs: bigint): () => bigint {
  const startedMs = performance.now();
  return () => toNs + BigInt(Math.round((performance.now() - startedMs) * 1e6));
}

// 200 windows a second of each channel, by the clock: of the filled one, too, whose device has come back.
function feed(port: MessagePort, now: () => bigint): () => void {
  const outbox = new WindowOutbox({
    post: (parcel) => port.postMessage(parcel, parcel.kind === 'windows' ? [parcel.buffer] : []),
    batchRows: 1024,
    inFlightRows: Number.POSITIVE_INFINITY,
    waitingRows: Number.POSITIVE_INFINITY,
  });
  const startNs = now();
  const infos = [
    channelInfo(FILLED_CHANNEL, `from ${startNs}`),
    ...Array.from({ length: LIVE_CHANNELS - 1 }, (_, i) => channelInfo(`live-${i}`, `from ${startNs}`)),
  ];
  for (const info of infos) outbox.open(info);
  const startedMs = performance.now();
  const oneNs = windowNs({ size: infos[0]!.window, rateHz: infos[0]!.rateHz });
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) * 1e6) / oneNs);
    const rows = infos.flatMap((info) =>
      Array.from({ length: due - sent }, (_, i) => ({
        ...historyWindow(info, sent + i),
        timeNs: startNs + BigInt(Math.round((sent + i) * oneNs)),
      })),
    );
    sent = due;
    for (const row of rows) outbox.add(row);
  }, LIVE_MS);
  port.on('message', (message: FromHistory) => {
    if (message.kind !== 'ask') return;
    outbox.flush();
    port.postMessage({ kind: 'asked' } satisfies ToHistory);
  });
  return () => clearInterval(timer);
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
