/**
 * Times of a column, ns, as words of 32 bits: each bigint that is read is an
 * object, and a query would make tens of thousands.
 */
export class NsWords {
  readonly #words: Int32Array;

  constructor(timesNs: BigInt64Array) {
    this.#words = new Int32Array(timesNs.buffer, timesNs.byteOffset, 2 * timesNs.length);
  }

  /** From one time to another, ns: exact up to a hundred days. */
  between(from: number, to: number): number {
    const words = this.#words; // the low word is first on every machine that DuckDB runs on
    const low = (words[2 * to] >>> 0) - (words[2 * from] >>> 0);
    return (words[2 * to + 1] - words[2 * from + 1]) * 2 ** 32 + low;
  }
}
