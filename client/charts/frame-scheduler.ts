/** Something that is drawn again and again. */
export interface Drawable {
  /** Least time between two drawings, ms. */
  readonly intervalMs: number;
  draw(nowMs: number): void;
}

/** The part of a window that the scheduler uses. */
export interface Frames {
  requestAnimationFrame(callback: (nowMs: number) => void): number;
  cancelAnimationFrame(handle: number): void;
  readonly performance: { now(): number };
}

interface Entry {
  readonly drawable: Drawable;
  drawnMs: number;
}

// Drawing stops for this frame once it has taken so long; who is left comes
// first in the next. So no frame is long, however many charts there are.
const BUDGET_MS = 16;
// A frame comes a little early or late; without slack every other would be missed.
const SLACK_MS = 4;

/**
 * Draws everything that is on the screen, in turn, each no more often than it
 * wants. Only what is added is drawn, and nothing runs while nothing is.
 */
export class FrameScheduler {
  readonly #frames: Frames;
  #queue: Entry[] = [];
  #frame: number | undefined;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Draws from the next frame on until the returned function is called. */
  add(drawable: Drawable): () => void {
    const entry: Entry = { drawable, drawnMs: -Infinity };
    this.#queue.push(entry);
    this.#request();
    return () => {
      this.#queue = this.#queue.filter((other) => other !== entry);
      if (this.#queue.length > 0 || this.#frame === undefined) return;
      this.#frames.cancelAnimationFrame(this.#frame);
      this.#frame = undefined;
    };
  }

  #request(): void {
    this.#frame ??= this.#frames.requestAnimationFrame((nowMs) => this.#run(nowMs));
  }

  #run(nowMs: number): void {
    this.#frame = undefined;
    const startMs = this.#frames.performance.now();
    const drawn: Entry[] = [];
    for (const entry of [...this.#queue]) {
      if (nowMs - entry.drawnMs < entry.drawable.intervalMs - SLACK_MS) continue;
      if (drawn.length > 0 && this.#frames.performance.now() - startMs > BUDGET_MS) break;
      entry.drawnMs = nowMs;
      drawn.push(entry);
      entry.drawable.draw(nowMs);
    }
    const done = new Set(drawn);
    this.#queue = [
      ...this.#queue.filter((entry) => !done.has(entry)),
      ...this.#queue.filter((entry) => done.has(entry)),
    ];
    if (this.#queue.length > 0) this.#request();
  }
}
