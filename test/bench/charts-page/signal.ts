import type { Channel } from '../../../server/wire/events.ts';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';

const ROW_MS = 5;
const WINDOW = 50_000;

/** A seeded trend of 200 rows a second: noise on a slow wave. */
export class Signal {
  static readonly EPOCH_MS = 1_700_000_000_000;
  readonly #channel: number;
  #row = 0;
  #state: number;

  constructor(channel: number) {
    this.#channel = channel;
    this.#state = 12_345 + channel;
  }

  static channel(i: number): Channel {
    const name = `bench.${i}`;
    return {
      name,
      label: name,
      unit: 'V',
      rateHz: 1e7,
      window: WINDOW,
      datatype: 'ri16_le',
      description: '',
      hardware: '',
    };
  }

  /** The rows up to `untilMs` after the epoch that were not handed out; undefined where there are none. */
  next(untilMs: number): TrendBlock | undefined {
    const rows = Math.floor(untilMs / ROW_MS) - this.#row;
    if (rows <= 0) return undefined;
    const firstRow = this.#row;
    const mean = Float64Array.from(
      { length: rows },
      (_, i) => 0.1145 + 0.002 * Math.sin((firstRow + i) / 900) + this.#noise(),
    );
    this.#row += rows;
    return {
      channel: this.#channel,
      span: 1,
      windows: rows,
      stream: 0,
      lastSeq: this.#row - 1,
      firstRow,
      timeNs: BigInt(Signal.EPOCH_MS + firstRow * ROW_MS) * 1_000_000n,
      rowNs: ROW_MS * 1e6,
      arrivedMs: Signal.EPOCH_MS + this.#row * ROW_MS,
      min: mean.map((value) => value - 0.004 - Math.abs(this.#noise()) * 4),
      max: mean.map((value) => value + 0.004 + Math.abs(this.#noise()) * 4),
      mean,
      m2: new Float64Array(rows).fill(0.2),
      count: new Uint32Array(rows).fill(WINDOW),
      clipped: new Uint32Array(rows),
      nonfinite: new Uint32Array(rows),
      flags: new Uint32Array(rows),
    };
  }

  #noise(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) | 0;
    return this.#state / 2 ** 31 / 2000;
  }
}
