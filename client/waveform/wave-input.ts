import { wheelMove } from '../charts/wheel-zoom.ts';

/** What hands do on a chart, in CSS pixels from its left edge. */
export interface WaveHands {
  /** `times` as much on the screen, around `at`. */
  zoom(times: number, at: number): void;
  pan(by: number): void;
  /** Undefined where the pointer has left. */
  point(at: number | undefined): void;
  /** Whether something that can be dragged by itself is within `reach` of there; then `drag` follows. */
  grab(at: number, reach: number): boolean;
  drag(at: number): void;
  /** With Shift held, or by a finger that has lain still. */
  select(from: number, to: number): void;
  whole(): void;
}

// From so near something is taken hold of, by a mouse and by a finger.
const MOUSE_REACH_PX = 10;
const FINGER_REACH_PX = 22;
// A finger that lies still for so long selects from there on.
const HOLD_MS = 450;
const STILL_PX = 8;

interface Finger {
  readonly startX: number;
  x: number;
}

/** Turns the wheel, drags and pinches on an element into zooms, pans and selections, until `close`. */
export class WaveInput {
  readonly #element: HTMLElement;
  readonly #hands: WaveHands;
  readonly #fingers = new Map<number, Finger>();
  readonly #abort = new AbortController();
  #mode: 'pan' | 'select' | 'drag' = 'pan';
  #hold: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement, hands: WaveHands) {
    this.#element = element;
    this.#hands = hands;
    const { signal } = this.#abort;
    element.addEventListener('wheel', (event) => this.#turn(event), { passive: false, signal });
    element.addEventListener('pointerdown', (event) => this.#press(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      element.addEventListener(end, (event) => this.#release(event), { signal });
    }
    // What a finger selects or drags does not scroll the page, and a finger that lies still opens no menu.
    element.addEventListener('touchmove', (event) => this.#mode !== 'pan' && event.preventDefault(), {
      passive: false,
      signal,
    });
    element.addEventListener('contextmenu', (event) => this.#fingers.size > 0 && event.preventDefault(), { signal });
    element.addEventListener('pointerleave', (event) => this.#leave(event), { signal });
    element.addEventListener('dblclick', () => hands.whole(), { signal });
  }

  close(): void {
    clearTimeout(this.#hold);
    this.#abort.abort();
  }

  #turn(event: WheelEvent): void {
    event.preventDefault();
    const move = wheelMove(event);
    if ('zoom' in move) this.#hands.zoom(move.zoom, event.offsetX);
    else this.#hands.pan(move.alongPx);
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#element.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, { startX: event.offsetX, x: event.offsetX });
    clearTimeout(this.#hold);
    this.#mode = this.#fingers.size > 1 ? 'pan' : this.#modeOf(event);
    if (event.pointerType === 'touch' && this.#fingers.size === 1 && this.#mode === 'pan') {
      this.#hold = setTimeout(() => this.#select(event.offsetX), HOLD_MS);
    }
    this.#hands.point(event.offsetX);
  }

  #modeOf({ shiftKey, offsetX, pointerType }: PointerEvent): 'pan' | 'select' | 'drag' {
    if (shiftKey) return 'select';
    return this.#hands.grab(offsetX, pointerType === 'mouse' ? MOUSE_REACH_PX : FINGER_REACH_PX) ? 'drag' : 'pan';
  }

  #select(at: number): void {
    this.#mode = 'select';
    this.#hands.select(at, at);
  }

  #release({ pointerId }: PointerEvent): void {
    clearTimeout(this.#hold);
    this.#fingers.delete(pointerId);
  }

  #move(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    if (!finger) {
      this.#hands.point(event.offsetX);
      return;
    }
    const before = [...this.#fingers.values()].map(({ x }) => x);
    const movedBy = event.offsetX - finger.x;
    finger.x = event.offsetX;
    if (Math.abs(finger.x - finger.startX) > STILL_PX) clearTimeout(this.#hold);
    if (this.#fingers.size === 2) this.#pinch(before, movedBy);
    else if (this.#mode === 'select') this.#hands.select(finger.startX, finger.x);
    else if (this.#mode === 'drag') this.#hands.drag(finger.x);
    else this.#hands.pan(-movedBy);
    this.#hands.point(event.offsetX);
  }

  #pinch(before: readonly number[], movedBy: number): void {
    const now = [...this.#fingers.values()].map(({ x }) => x);
    const [wide, narrow] = [Math.abs(before[0] - before[1]), Math.abs(now[0] - now[1])];
    this.#hands.pan(-movedBy / 2);
    if (wide > 1 && narrow > 1) this.#hands.zoom(wide / narrow, (now[0] + now[1]) / 2);
  }

  /** A finger that is lifted leaves too: where it was stays pointed at. */
  #leave({ pointerId, pointerType }: PointerEvent): void {
    if (pointerType === 'mouse' && !this.#fingers.has(pointerId)) this.#hands.point(undefined);
  }
}
