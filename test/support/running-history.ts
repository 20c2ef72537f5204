import { cpSync } from 'node:fs';
import { expect } from 'vitest';
import { Config } from '../../server/config.ts';
import { Catalogue } from '../../server/history/catalogue.ts';
import { Database } from '../../server/history/database.ts';
import { History } from '../../server/history/history.ts';
import type { HistoryRow } from '../../server/history/row-block.ts';
import { ROW_COLUMNS, Segment } from '../../server/history/segment.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { DurableMark, FromHistory } from '../../server/trend/durable-link.ts';
import { TIERS } from '../../server/trend/tier.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { WindowOutbox } from '../../server/trend/window-outbox.ts';
import { FakeClock } from './fake-clock.ts';
import { loadKernels } from './kernels.ts';
import { silentLog } from './silent-log.ts';

/** A history on real files, fed as the ingest thread does it. */
export class RunningHistory {
  readonly history: History;
  readonly directory: string;
  readonly said: readonly FromHistory[];
  readonly #outbox: WindowOutbox;

  static async start(directory: string, clock = new FakeClock()): Promise<RunningHistory> {
    const said: FromHistory[] = [];
    const history = await History.open({
      directory,
      settings: Config.parse({}).history,
      kernels: await loadKernels(),
      clock,
      log: silentLog(),
      post: (message) => said.push(message),
    });
    return new RunningHistory(history, directory, said);
  }

  private constructor(history: History, directory: string, said: readonly FromHistory[]) {
    this.history = history;
    this.directory = directory;
    this.said = said;
    this.#outbox = new WindowOutbox({
      post: (parcel) => history.take(parcel),
      batchRows: 1024,
      inFlightRows: Number.POSITIVE_INFINITY,
      waitingRows: Number.POSITIVE_INFINITY,
    });
  }

  open(info: ChannelInfo): void {
    this.#outbox.open(info);
  }

  send(windows: readonly TrendWindow[]): void {
    for (const window of windows) this.#outbox.add(window);
    this.#outbox.flush();
  }

  /** The newest mark of a stream that it told. */
  mark({ channel, stream }: Pick<ChannelInfo, 'channel' | 'stream'>): number | undefined {
    const marks = this.said.flatMap((message) => (message.kind === 'durable' ? message.marks : []));
    return marks.findLast((mark: DurableMark) => mark.channel === channel && mark.stream === stream)?.nextSample;
  }

  /** Resolves when so many windows are stored since it was started. */
  async stored(windows: number): Promise<void> {
    await expect.poll(() => this.history.status().storedRows).toBe(windows);
  }

  /** Copies the files as a kill at this moment would leave them. */
  async copyAsKilled(directory: string): Promise<void> {
    await this.history.freeze(async () => cpSync(this.directory, directory, { recursive: true }));
  }

  close(): Promise<void> {
    return this.history.close();
  }
}

/** What lies in the segments of a history that is closed, by tier, in the order of the rows. */
export async function readSegments(
  directory: string,
): Promise<{ tiers: HistoryRow[][]; channels: Map<number, ChannelInfo> }> {
  const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory: `${directory}/temporary` });
  try {
    const catalogue = await Catalogue.open(database, directory);
    const tiers: HistoryRow[][] = Array.from({ length: TIERS }, () => []);
    const channels = new Map<number, ChannelInfo>();
    for (const { id } of await catalogue.segments()) {
      const segment = await Segment.open(database, directory, id);
      for (const { id: stream, info } of await segment.streams()) channels.set(stream, info);
      for (const [tier, rows] of tiers.entries()) {
        rows.push(
          ...(await segment.historyRows(`SELECT ${ROW_COLUMNS} FROM ${segment.name}.tier_${tier} ORDER BY rowid`)),
        );
      }
    }
    return { tiers, channels };
  } finally {
    await database.close();
  }
}
