import { describe, expect, it } from 'vitest';
import type { SealedFile } from '../../../server/history/sealed-file.ts';
import { WarmUp } from '../../../server/history/warm-up.ts';
import type { HistoryChannel, HistoryRequest, HistoryRows } from '../../../server/trend/history-rows.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';

const DAY_NS = 86_400_000_000_000n;

describe('WarmUp', () => {
  it('asks for ranges of every length, of the channels of the last day with the longest past', async () => {
    const channels = Array.from({ length: 10 }, (_, i) => ({ ...channelOf(`PMT-${i}`, i), firstNs: BigInt(9 - i) }));
    channels[8] = { ...channels[8]!, lastNs: 998n * DAY_NS };
    const { warmUp, asked } = start(channels);

    await warmUp.run();

    expect([...new Set(asked.map(({ channel }) => channel))]).toEqual(
      ['9', '7', '6', '5', '4', '3', '2', '1'].map((i) => `PMT-${i}`),
    );
    const ofOne = asked
      .filter(({ channel }) => channel === 'PMT-9')
      .map(({ fromNs, toNs }) => Number(toNs - fromNs) / 1e9);
    expect([ofOne.length, ofOne[0], ofOne.at(-1)]).toEqual([8, 10, 366 * 86_400]);
  });

  it('asks for no longer range once it has all rows of a channel', async () => {
    const { warmUp, asked } = start([{ ...channelOf('PMT-1', 0), firstNs: 999n * DAY_NS }]);

    await warmUp.run();

    expect(asked.map(({ fromNs, toNs }) => Number(toNs - fromNs) / 1e9)).toEqual([10, 120, 1200, 10_800, 86_400]);
  });

  it('then checks the files with the newest rows, whatever becomes of one of them', async () => {
    const { warmUp, asked, verified } = start([channelOf('PMT-1', 0)], undefined, 20);

    await warmUp.run();

    expect(verified).toEqual(Array.from({ length: 20 }, (_, i) => [8, `${i}.parquet`]));
    expect(asked.length).toBe(8);
  });

  it('rests four times as long as a question took', async () => {
    const { warmUp, clock, paused } = start([channelOf('PMT-1', 0)], () => clock.advance(100));

    await warmUp.run();

    expect(paused).toEqual([3000, 20, ...Array(8).fill(400), 20]);
  });

  it('asks nothing while anybody else does', async () => {
    const { warmUp, asked, paused, clock, onPause } = start([channelOf('PMT-1', 0)]);
    let answer: () => void = () => undefined;
    const theirs = warmUp.yieldTo(() => new Promise<void>((resolve) => (answer = resolve)));
    let askedMeanwhile: number | undefined;
    onPause(async () => {
      if (paused.length === 5) answer();
      if (paused.length < 5) return;
      await theirs;
      askedMeanwhile ??= asked.length;
      if (paused.length > 8) clock.advance(250);
    });

    await warmUp.run();

    expect([askedMeanwhile, asked.length]).toEqual([0, 8]);
    expect(paused.slice(0, 10)).toEqual([3000, 250, 250, 250, 250, 250, 250, 250, 250, 20]); // and none right after it
  });

  it('leaves the rest to those who ask once it has taken a minute', async () => {
    const { warmUp, asked, clock } = start([channelOf('PMT-1', 0)], () => clock.advance(25_000));

    await warmUp.run();

    expect(asked.length).toBe(3);
  });

  it('checks the files also where a range cannot be read', async () => {
    const fail = () => {
      throw new Error('cannot be read');
    };
    const { warmUp, asked, verified } = start([channelOf('PMT-1', 0)], fail, 20);

    await warmUp.run();

    expect([asked.length, verified.length]).toEqual([1, 20]);
  });

  it('asks nothing at all where others ask for a minute', async () => {
    const { warmUp, asked, clock, onPause } = start([channelOf('PMT-1', 0)]);
    void warmUp.yieldTo(() => new Promise<void>(() => undefined));
    onPause(async () => clock.advance(250));

    await warmUp.run();

    expect([asked.length, clock.monotonicMs()]).toEqual([0, 60_500]);
  });

  it('ends when it is told to', async () => {
    const ended = start([channelOf('PMT-1', 0)], () => ended.warmUp.end(), 20);

    await ended.warmUp.run();

    expect([ended.asked.length, ended.verified.length]).toEqual([1, 0]);
  });
});

/** A warm-up of a history that answers at once, on a clock that stands still. */
function start(channels: readonly HistoryChannel[], onQuery: () => void = () => undefined, files = 0) {
  const clock = new FakeClock();
  const asked: HistoryRequest[] = [];
  const verified: [asked: number, path: string][] = [];
  const paused: number[] = [];
  let atPause: () => Promise<void> = async () => undefined;
  const warmUp = new WarmUp({
    clock,
    log: silentLog(),
    reader: {
      channels: async () => [...channels],
      query: async (request) => {
        asked.push(request);
        onQuery();
        return {} as HistoryRows;
      },
    },
    catalogue: {
      newestFiles: async () => Array.from({ length: files }, (_, i) => ({ path: `${i}.parquet` }) as SealedFile),
    },
    checks: {
      verify: async ({ path }) => {
        verified.push([asked.length, path]);
        if (path === '3.parquet') throw new Error('3.parquet is not listed any more');
        return true;
      },
    },
    pause: async (ms, signal) => {
      paused.push(ms);
      await atPause();
      signal.throwIfAborted();
    },
  });
  const onPause = (task: () => Promise<void>) => {
    atPause = task;
  };
  return { warmUp, clock, asked, verified, paused, onPause };
}

function channelOf(channel: string, newest: number): HistoryChannel {
  const lastNs = 1000n * DAY_NS + BigInt(newest);
  return { channel, unit: 'V', rateHz: 200_000, window: 1000, firstNs: 0n, lastNs };
}
