/**
 * What a stream's samples come to, sample by sample: the oracle of the fault
 * schedules. Written for reading, with sets, and knowing nothing of how ingest
 * does it.
 */
export class StreamModel {
  readonly seen = new Set<number>();
  first: number | undefined;
  head = 0;
  duplicate = 0;
  late = 0;
  /** Samples of the open window that were handed out as partial. */
  handedOut = 0;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** The bytes of sample `index` begin to arrive. */
  begin(index: number): void {
    if (this.first !== undefined && index < this.head) return;
    this.first ??= index;
    if (this.windowOf(index) !== this.windowOf(this.head)) this.handedOut = 0;
    this.head = index;
  }

  /** Sample `index` is whole. */
  take(index: number): void {
    if (this.first !== undefined && index < this.head) {
      if (this.seen.has(index)) this.duplicate++;
      else this.late++;
      return;
    }
    this.begin(index);
    this.seen.add(index);
    this.head = index + 1;
    if (this.head % this.#size === 0) this.handedOut = 0;
  }

  /** The device ends its stream. */
  end(): void {
    this.handedOut = this.#openSeen();
  }

  get safe(): number {
    return this.head - (this.head % this.#size);
  }

  get pending(): number {
    return this.#openSeen() - this.handedOut;
  }

  get expected(): number {
    return this.first === undefined ? 0 : this.head - this.first;
  }

  /** Runs of samples that never came, between the first and the last. */
  gaps(): { from: number; to: number }[] {
    const gaps: { from: number; to: number }[] = [];
    for (let i = this.first ?? 0; i < this.head; i++) {
      if (this.seen.has(i)) continue;
      const last = gaps.at(-1);
      if (last?.to === i) last.to = i + 1;
      else gaps.push({ from: i, to: i + 1 });
    }
    return gaps;
  }

  /** Window number to the samples that came of it; of windows that were handed out. */
  windows(): Map<number, number[]> {
    const windows = new Map<number, number[]>();
    for (const index of this.seen) {
      const window = this.windowOf(index);
      windows.set(window, [...(windows.get(window) ?? []), index]);
    }
    if (this.handedOut === 0) windows.delete(this.windowOf(this.head));
    else windows.set(this.windowOf(this.head), windows.get(this.windowOf(this.head))!.slice(0, this.handedOut));
    return windows;
  }

  windowOf(index: number): number {
    return Math.floor(index / this.#size);
  }

  #openSeen(): number {
    return [...this.seen].filter((index) => index >= this.safe).length;
  }
}
