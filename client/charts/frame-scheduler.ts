/** Something that is drawn again and again. */
export interface Drawable {
  /** Time between two drawings, ms. */
  readonly intervalMs: number;
  draw(nowMs: number): void;
}

/** The part of a window that the scheduler uses. */
export interface Frames {
  requestAnimationFrame(callback: (nowMs: number) => void): number;
  cancelAnimationFrame(handle: number): void;
  setTimeout(callback: () => void, delayMs: number): number;
  clearTimeout(handle: number): void;
  reportError(error: unknown): void;
  readonly performance: { now(): number };
}

interface Entry {
  readonly drawable: Drawable;
  drawnMs: number;
  hasFailed: boolean;
}

// Drawing stops for this frame once it has taken so long; who is left comes
// first in the next. So no frame is long, however many charts there are.
const BUDGET_MS = 16;
// How long things are drawn with every frame after somebody moved them.
const HASTE_MS = 300;

/**
 * Draws everything that is on the screen, in turn, each once in every interval
 * of its own.
 *
 * Intervals are counted from the clock's zero, so all that are due are drawn
 * in one frame, and between two such frames the browser has nothing to do. Only
 * what is added is drawn, and nothing runs while nothing is.
 */
export class FrameScheduler {
  readonly #frames: Frames;
  #queue: Entry[] = [];
  #frame: number | undefined;
  #timer: number | undefined;
  #hastyUntilMs = -Infinity;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Draws from the next frame on until the returned function is called. */
  add(drawable: Drawable): () => void {
    const entry: Entry = { drawable, drawnMs: -Infinity, hasFailed: false };
    this.#queue.push(entry);
    this.#request();
    return () => {
      this.#queue = this.#queue.filter((other) => other !== entry);
      if (this.#queue.length === 0) this.#rest();
    };
  }

  /** Somebody moves what is seen: for a little while everything is drawn as often as the screen shows it. */
  hasten(): void {
    this.#hastyUntilMs = this.#frames.performance.now() + HASTE_MS;
    if (this.#queue.length > 0) this.#request();
  }

  #request(): void {
    this.#frame ??= this.#frames.requestAnimationFrame((nowMs) => this.#run(nowMs));
  }

  #rest(): void {
    if (this.#frame !== undefined) this.#frames.cancelAnimationFrame(this.#frame);
    if (this.#timer !== undefined) this.#frames.clearTimeout(this.#timer);
    this.#frame = this.#timer = undefined;
  }

  #run(nowMs: number): void {
    this.#rest();
    const startMs = this.#frames.performance.now();
    const drawn = new Set<Entry>();
    for (const entry of [...this.#queue]) {
      if (!isDue(entry, nowMs) && nowMs > this.#hastyUntilMs) continue;
      if (drawn.size > 0 && this.#frames.performance.now() - startMs > BUDGET_MS) break;
      entry.drawnMs = nowMs;
      drawn.add(entry);
      this.#draw(entry, nowMs);
    }
    this.#queue = [
      ...this.#queue.filter((entry) => !drawn.has(entry)),
      ...this.#queue.filter((entry) => drawn.has(entry)),
    ];
    this.#wait(nowMs);
  }

  // One that fails is tried again in its turn, and reported once; the others go on.
  #draw(entry: Entry, nowMs: number): void {
    try {
      entry.drawable.draw(nowMs);
      entry.hasFailed = false;
    } catch (error) {
      if (!entry.hasFailed) this.#frames.reportError(error);
      entry.hasFailed = true;
    }
  }

  #wait(nowMs: number): void {
    const isHasty = nowMs <= this.#hastyUntilMs && this.#queue.length > 0;
    if (isHasty || this.#queue.some((entry) => isDue(entry, nowMs))) this.#request();
    else if (this.#queue.length > 0) {
      const nextMs = Math.min(...this.#queue.map(({ drawable }) => (tick(drawable, nowMs) + 1) * drawable.intervalMs));
      const delayMs = Math.max(0, nextMs - this.#frames.performance.now());
      this.#timer ??= this.#frames.setTimeout(() => this.#request(), delayMs);
    }
  }
}

function tick({ intervalMs }: Drawable, nowMs: number): number {
  return Math.floor(nowMs / intervalMs);
}

function isDue({ drawable, drawnMs }: Entry, nowMs: number): boolean {
  return tick(drawable, nowMs) !== tick(drawable, drawnMs);
}
