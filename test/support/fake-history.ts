import { DurableStreams } from '../../server/ingest/durable-streams.ts';
import type { IngestServer } from '../../server/ingest/ingest-server.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { StreamMark } from '../../server/trend/durable-link.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';

/** The history's side of its link with ingest, in the hands of a test. */
export class FakeHistory {
  readonly streams: DurableStreams;
  /** What came, in order: windows, and channels that were opened. */
  readonly windows: TrendWindow[] = [];
  readonly opened: ChannelInfo[] = [];
  /** From where their devices send, of each that was opened. */
  readonly sendsFrom: (number | undefined)[] = [];
  /** How full the way to it is, 0 .. 1. */
  fill = 0;
  #server: IngestServer | undefined;

  constructor(marks: readonly StreamMark[] = []) {
    const history = this;
    this.streams = new DurableStreams({
      outbox: {
        open: (info, sendsFrom) => {
          this.opened.push(info);
          this.sendsFrom.push(sendsFrom);
        },
        add: (window) => void this.windows.push(window),
        taken: () => {},
        flush: () => {},
        get fill() {
          return history.fill;
        },
      },
      marks,
      onDurable: () => this.#server?.settle(),
      onResend: (name) => this.#server?.resend(name),
      onAsked: () => {},
    });
  }

  attach(server: IngestServer): void {
    this.#server = server;
  }

  /** Says that everything of the newest stream before `nextSample` is on the disk, and so much of the window after it. */
  mark(nextSample: number, partSamples = 0): void {
    this.streams.receive({ kind: 'durable', marks: [{ ...this.#newest, nextSample, partSamples }] });
  }

  /** Everything that came is on the disk. */
  catchUp(): void {
    const ends = this.windows.map(({ index, size }) => (index + 1) * size);
    if (ends.length > 0) this.mark(Math.max(...ends));
  }

  /** Gives up the windows of the newest stream from `nextSample` on. */
  giveUp(nextSample: number): void {
    this.streams.receive({ kind: 'resend', marks: [{ ...this.#newest, nextSample }] });
  }

  /** Has room again. */
  relieve(): void {
    this.fill = 0;
    this.streams.receive({ kind: 'taken', rows: 0 });
  }

  /** The numbers of the windows that came from the `from`-th on. */
  indices(from = 0): number[] {
    return this.windows.slice(from).map(({ index }) => index);
  }

  get #newest(): { channel: string; stream: string } {
    const { channel, stream } = this.opened.at(-1)!;
    return { channel, stream };
  }
}
