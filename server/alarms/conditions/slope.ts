/** Time is forgotten in steps of so many to the whole. */
export const BLOCKS = 32;

/** Moments of some points: how many, the mean of time and value, and the sums of squared and of joint deviations from them. */
interface Moments {
  count: number;
  time: number;
  value: number;
  squares: number;
  products: number;
}

/**
 * The slope of the least-squares line through the points of the last so many
 * seconds. Of all lines it errs least under noise; that through the first and
 * the last point would rise with either of them.
 *
 * Memory does not grow with the points: they are kept as moments of 32 blocks
 * of time, added up by the formulas of Chan, Golub and LeVeque (1979), so that
 * between 31 and 32 of 32 parts of the time count. Nothing is ever subtracted,
 * so a number that overflowed is gone with its block.
 */
export class Slope {
  readonly #blockSeconds: number;
  readonly #blocks: Moments[] = Array.from({ length: BLOCKS }, noPoints);
  readonly #closed = noPoints(); // all blocks but the open one
  readonly #all = noPoints();
  #block: number | undefined;

  constructor(seconds: number) {
    this.#blockSeconds = seconds / BLOCKS;
  }

  /** Forgets all points. */
  clear(): void {
    this.#block = undefined;
  }

  /** Adds a point, whose time is not before that of the last. Gives the slope a second: NaN for a single point. */
  add(seconds: number, value: number): number {
    const block = Math.floor(seconds / this.#blockSeconds);
    if (block !== this.#block) this.#open(block);
    const open = this.#of(block);
    addPoint(open, seconds, value);
    const all = this.#all;
    clear(all);
    merge(all, this.#closed);
    merge(all, open);
    return all.products / all.squares;
  }

  #open(block: number): void {
    const before = this.#block ?? block - BLOCKS;
    this.#block = block;
    const first = block - BLOCKS + 1;
    for (let i = Math.max(before + 1, first); i <= block; i++) clear(this.#of(i));
    clear(this.#closed);
    for (let i = first; i < block; i++) merge(this.#closed, this.#of(i));
  }

  #of(block: number): Moments {
    return this.#blocks[(block + BLOCKS) % BLOCKS] as Moments;
  }
}

function noPoints(): Moments {
  return { count: 0, time: 0, value: 0, squares: 0, products: 0 };
}

function clear(moments: Moments): void {
  moments.count = moments.time = moments.value = moments.squares = moments.products = 0;
}

function addPoint(moments: Moments, time: number, value: number): void {
  const count = ++moments.count;
  const ahead = time - moments.time;
  moments.time += ahead / count;
  moments.value += (value - moments.value) / count;
  moments.squares += ahead * (time - moments.time);
  moments.products += ahead * (value - moments.value);
}

/** Adds the points of `b` to those of `a`. */
function merge(a: Moments, b: Moments): void {
  if (b.count === 0) return;
  const count = a.count + b.count;
  const weight = b.count / count;
  const ahead = b.time - a.time;
  const above = b.value - a.value;
  a.squares += b.squares + ahead * ahead * a.count * weight;
  a.products += b.products + ahead * above * a.count * weight;
  a.time += ahead * weight;
  a.value += above * weight;
  a.count = count;
}
