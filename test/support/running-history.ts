import { cpSync, existsSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { Config } from '../../server/config.ts';
import { Catalogue } from '../../server/history/catalogue.ts';
import { Database, quoted } from '../../server/history/database.ts';
import { History } from '../../server/history/history.ts';
import type { HistoryRow } from '../../server/history/row-block.ts';
import { ROW_COLUMNS, Segment, segmentPath, toHistoryRow } from '../../server/history/segment.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { DurableMark, FromHistory } from '../../server/trend/durable-link.ts';
import { TIERS } from '../../server/trend/tier.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { WindowOutbox } from '../../server/trend/window-outbox.ts';
import { FakeClock } from './fake-clock.ts';
import { loadKernels } from './kernels.ts';
import { silentLog } from './silent-log.ts';

const HOUR_MS = 3_600_000;

/** A history on real files, fed as the ingest thread does it. */
export class RunningHistory {
  readonly history: History;
  readonly directory: string;
  readonly clock: FakeClock;
  readonly said: readonly FromHistory[];
  /** What the ingest thread does when it is asked for windows. */
  onAsk = (): void => this.history.take({ kind: 'asked' });
  readonly #outbox: WindowOutbox;

  static async start(directory: string, clock = new FakeClock()): Promise<RunningHistory> {
    const said: FromHistory[] = [];
    const history = await History.open({
      directory,
      settings: Config.parse({}).history,
      kernels: await loadKernels(),
      clock,
      log: silentLog(),
      post: (message) => {
        said.push(message);
        if (message.kind === 'ask') running.onAsk();
      },
    });
    const running = new RunningHistory(history, directory, clock, said);
    return running;
  }

  private constructor(history: History, directory: string, clock: FakeClock, said: readonly FromHistory[]) {
    this.history = history;
    this.directory = directory;
    this.clock = clock;
    this.said = said;
    this.#outbox = new WindowOutbox({
      post: (parcel) => history.take(parcel),
      batchRows: 1024,
      inFlightRows: Number.POSITIVE_INFINITY,
      waitingRows: Number.POSITIVE_INFINITY,
    });
  }

  /** As the ingest thread does when a device describes its stream; `sendsFrom` where it was asked to send again. */
  open(info: ChannelInfo, sendsFrom?: number): void {
    this.#outbox.open(info, sendsFrom);
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

  /** From where a stream was to be sent again, each time. */
  resends({ channel, stream }: Pick<ChannelInfo, 'channel' | 'stream'>): number[] {
    const marks = this.said.flatMap((message) => (message.kind === 'resend' ? message.marks : []));
    return marks.filter((mark) => mark.channel === channel && mark.stream === stream).map((mark) => mark.nextSample);
  }

  /** Resolves when so many windows are stored since it was started. */
  async stored(windows: number): Promise<void> {
    const stored = () => {
      const { storedRows, problem } = this.history.status();
      return { storedRows, problem };
    };
    await expect.poll(stored).toEqual({ storedRows: windows, problem: undefined });
  }

  /** Lets an hour pass. Resolves when the segment has ended and the next one is open; there must be windows in it. */
  async rollOver(): Promise<void> {
    const before = newestSegment(this.directory);
    this.clock.set(HOUR_MS);
    await expect.poll(() => newestSegment(this.directory)).toBeGreaterThan(before);
  }

  /** Lets so much time pass, at least an hour. Resolves when the segment has ended and is sealed; there must be windows in it. */
  async pass(ms: number): Promise<void> {
    const before = newestSegment(this.directory);
    this.clock.advance(ms);
    await expect.poll(() => this.isSealed(before)).toBe(true);
  }

  /** Whether a segment's database is gone, because its windows are in files. */
  isSealed(segment: number): boolean {
    return !existsSync(segmentPath(this.directory, segment));
  }

  /** Copies the files as a kill at this moment would leave them. */
  async copyAsKilled(directory: string): Promise<void> {
    await this.history.freeze(async () => cpSync(this.directory, directory, { recursive: true }));
  }

  close(): Promise<void> {
    return this.history.close();
  }
}

/** Everything that lies in a history that is closed, sealed or not, by tier. `stream` is the number in `channels`. */
export async function readFiles(directory: string): Promise<StoredFiles> {
  const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory: `${directory}/temporary` });
  try {
    const catalogue = await Catalogue.open(database, directory);
    const rows = (sql: string) => database.use(async (connection) => (await connection.runAndReadAll(sql)).getRows());
    const tiers: HistoryRow[][] = Array.from({ length: TIERS }, () => []);
    const channels = new Map<number, ChannelInfo>();
    for (const [id, info] of await rows('SELECT id, info FROM catalogue.streams')) {
      channels.set(Number(id), JSON.parse(String(info)) as ChannelInfo);
    }
    for (const [path, tier] of await rows('SELECT path, tier FROM catalogue.files')) {
      const sealed = await rows(`
        SELECT ${ROW_COLUMNS.replace('"stream"', 's.id')} FROM (
          SELECT * REPLACE (epoch_ns("time") AS "time") FROM ${quoted(`${directory}/sealed/${path}`)}) f
        JOIN catalogue.streams s USING (channel, stream)`);
      tiers[Number(tier)]!.push(...sealed.map(toHistoryRow));
    }
    for (const { id } of await catalogue.segments()) {
      const segment = await Segment.open(database, directory, id);
      for (const { id: stream, info } of await segment.streams()) channels.set(stream, info);
      for (const [tier, list] of tiers.entries()) {
        list.push(
          ...(await segment.historyRows(`SELECT ${ROW_COLUMNS} FROM ${segment.name}.tier_${tier} ORDER BY rowid`)),
        );
      }
    }
    return { tiers, channels };
  } finally {
    await database.close();
  }
}

export interface StoredFiles {
  readonly tiers: readonly HistoryRow[][];
  readonly channels: ReadonlyMap<number, ChannelInfo>;
}

function newestSegment(directory: string): number {
  return Math.max(0, ...readdirSync(directory).map((name) => Number(/^segment-(\d+)\.duckdb$/.exec(name)?.[1] ?? 0)));
}
