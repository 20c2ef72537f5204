import { performance } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import { expect } from 'vitest';
import type { HistoryThread } from '../../server/history-thread.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { FromHistory, ToHistory } from '../../server/trend/durable-link.ts';
import { windowNs } from '../../server/trend/trend-window.ts';
import { WindowOutbox } from '../../server/trend/window-outbox.ts';
import { startHistoryThread } from './history-thread.ts';
import { waveWindow } from './history-windows.ts';

/** Streams that go on, all in step, at the pace of the clock. */
export interface Feed {
  readonly infos: readonly ChannelInfo[];
  /** When their window 0 begins, ns since 1970 UTC. */
  readonly startNs: bigint;
  /** The first window that is sent; 0 unless given. */
  readonly from?: number;
}

/** A history thread that is fed. */
export interface FedHistory {
  readonly history: HistoryThread;
  /** The sample clock, ns since 1970 UTC: the end of the newest window. */
  readonly nowNs: () => bigint;
}

const EVERY_MS = 50;

/**
 * Runs `task` with a history thread that has just started and knows the channels, while their windows are written as the
 * ingest thread hands them on.
 */
export async function whileFed<T>(directory: string, feed: Feed, task: (fed: FedHistory) => Promise<T>): Promise<T> {
  const { thread: history, ingestPort } = await startHistoryThread(directory);
  const feeder = new Feeder(ingestPort!, feed);
  try {
    const names = feed.infos.map(({ channel }) => channel);
    const listed = async () => (await history.channels()).map(({ channel }) => channel);
    await expect.poll(listed).toEqual(expect.arrayContaining(names));
    return await task({ history, nowNs: () => feeder.nowNs() });
  } finally {
    feeder.stop();
    ingestPort!.close();
    await history.close();
  }
}

class Feeder {
  readonly #feed: Feed;
  readonly #outbox: WindowOutbox;
  readonly #oneNs: number;
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #next: number;

  constructor(port: MessagePort, feed: Feed) {
    const [{ window: size, rateHz }] = feed.infos;
    this.#feed = feed;
    this.#oneNs = windowNs({ size, rateHz });
    this.#next = feed.from ?? 0;
    this.#outbox = new WindowOutbox({
      post: (parcel) => port.postMessage(parcel, parcel.kind === 'windows' ? [parcel.buffer] : []),
      batchRows: 1024,
      inFlightRows: Number.POSITIVE_INFINITY,
      waitingRows: Number.POSITIVE_INFINITY,
    });
    port.on('message', (message: FromHistory) => {
      if (message.kind !== 'ask') return;
      this.#outbox.flush();
      port.postMessage({ kind: 'asked' } satisfies ToHistory);
    });
    for (const info of feed.infos) this.#outbox.open(info);
    this.#timer = setInterval(() => this.#send(), EVERY_MS);
  }

  nowNs(): bigint {
    return this.#feed.startNs + BigInt(Math.round(this.#due() * this.#oneNs));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(): void {
    const { infos, startNs } = this.#feed;
    const due = this.#due();
    for (const info of infos) {
      for (let index = this.#next; index < due; index++) this.#outbox.add(waveWindow(info, index, startNs));
    }
    this.#next = due;
  }

  #due(): number {
    const passedNs = (performance.now() - this.#startedMs) * 1e6;
    return (this.#feed.from ?? 0) + Math.floor(passedNs / this.#oneNs);
  }
}
