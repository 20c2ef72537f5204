import type { ChannelInfo } from '../trend/channel-info.ts';
import type { DurableMark } from '../trend/durable-link.ts';
import type { HistoryStream } from './history-stream.ts';
import type { Loss } from './losses.ts';
import type { Hole } from './segment.ts';
import type { LostWindows } from './stream-book.ts';
import type { Streams } from './streams.ts';

export interface LostStream extends LostWindows {
  readonly info: ChannelInfo;
}

/** As the catalogue remembers it. */
export function toLoss({ info, from, to, windows }: LostStream, atMs: number): Loss {
  return {
    atMs,
    what: `windows ${from} to ${to - 1} of stream ${info.stream} of ${info.channel}`,
    why: 'they could not be written for too long, and nobody sends them again',
    rows: windows,
  };
}

/** What was given up in all streams: what the open segment has of it, who was told, and what nobody will send again. */
export class StreamHoles {
  readonly #streams: Streams;
  #stored = '[]';
  #replaced = new Set<HistoryStream>(); // when the segment before ended

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** Windows that are to be sent again. */
  get windows(): number {
    return this.all().reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** What every segment has from its start. */
  all(): Hole[] {
    return [...this.#streams.all()].flatMap(({ book }) => book.holes());
  }

  /** All holes, where the open segment has others. */
  unstored(): readonly Hole[] | undefined {
    const holes = this.all();
    return JSON.stringify(holes) === this.#stored ? undefined : holes;
  }

  /** The open segment has these now. */
  setStored(holes: readonly Hole[]): void {
    this.#stored = JSON.stringify(holes);
  }

  /** A segment ends: a stream that was replaced before it began has no device any more. */
  loseReplaced(): void {
    const replaced = new Set(this.#streams.replaced());
    for (const stream of replaced) if (this.#replaced.has(stream)) stream.book.loseHoles();
    this.#replaced = replaced;
  }

  /** From where devices are to be told to send again; each hole once. */
  takeUnasked(): DurableMark[] {
    const holed = [...this.#streams.all()].filter(({ book }) => book.askForHoles());
    return holed.map((stream) => stream.mark());
  }

  takeLost(): LostStream[] {
    return [...this.#streams.all()].flatMap(({ info, book }) => {
      const lost = book.takeLost();
      return lost === undefined ? [] : [{ info, ...lost }];
    });
  }
}
