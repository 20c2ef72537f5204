/**
 * Keeps the screen awake while the page is seen, where the browser can: over https, or on the machine itself. What the
 * machine refused or took back, for a low battery or a rule of its own, is asked for again within a minute.
 */
export class ScreenAwake {
  readonly #onChange = () => void this.#hold();
  #timer: ReturnType<typeof setInterval> | undefined;
  #lock: WakeLockSentinel | undefined;

  start(): void {
    document.addEventListener('visibilitychange', this.#onChange);
    this.#timer = setInterval(this.#onChange, MINUTE_MS);
    void this.#hold();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#onChange);
    clearInterval(this.#timer);
    void this.#lock?.release();
  }

  async #hold(): Promise<void> {
    if (document.visibilityState !== 'visible' || this.#lock?.released === false) return;
    const { wakeLock } = navigator as Partial<Pick<Navigator, 'wakeLock'>>;
    this.#lock = await wakeLock?.request('screen').catch(() => undefined);
  }
}

/** Hides the pointer once it has rested for 3 s. */
export class RestingPointer {
  readonly #target: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onMove = () => this.#show();

  constructor(target: HTMLElement) {
    this.#target = target;
  }

  start(): void {
    addEventListener('pointermove', this.#onMove);
    this.#target.toggleAttribute('resting', true);
  }

  close(): void {
    removeEventListener('pointermove', this.#onMove);
    clearTimeout(this.#timer);
  }

  #show(): void {
    this.#target.toggleAttribute('resting', false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#target.toggleAttribute('resting', true), REST_MS);
  }
}

const REST_MS = 3000;
const MINUTE_MS = 60_000;
// Steps there and back of each axis. Without a common divisor, so that every place of the field comes.
const STEPS = { x: 9, y: 8 } as const;

/**
 * Where the whole picture stands, steps from its middle: one step a minute on
 * each axis, there and back, so that no edge burns in and nobody sees it move.
 */
export function burnInShift(nowMs: number): { readonly x: number; readonly y: number } {
  const minute = Math.floor(nowMs / MINUTE_MS);
  return { x: swing(minute, STEPS.x), y: swing(minute, STEPS.y) };
}

function swing(minute: number, steps: number): number {
  const at = minute % (2 * steps);
  return Math.min(at, 2 * steps - at) - Math.floor(steps / 2);
}
