import { wheelMove } from '../charts/wheel-zoom.ts';

/** What hands do to a time axis; shares are of the axis' length, from its left end. */
export interface TimeHands {
  /** Where the axis lies on the screen, CSS pixels; undefined while there is none. */
  plane(): { readonly left: number; readonly width: number } | undefined;
  /** A hand is laid on the axis: `move` counts from here. */
  hold(): void;
  /** It has moved the axis to the right by `share`, and made that `factor` times as long about `at`. */
  move(moved: { readonly share: number; readonly factor: number; readonly at: number }): void;
  zoom(by: { readonly at: number; readonly factor: number }): void;
  /** A mouse is pressed there with Shift held, or a finger has lain still: `select` counts from here, and nothing is selected yet. */
  anchor(share: number): void;
  /** It is dragged to there. */
  select(share: number): void;
  /** It was a click or a tap: nothing is selected any more. */
  unselect(): void;
  /** Something points there; nothing does where it is undefined. */
  point(share: number | undefined): void;
}

// A mouse, and a finger, that moves less than this is not dragging.
const CLICK_PX = 4;
const STILL_PX = 8;
// A finger that lies still for so long selects from there on, as in the viewer of captures.
const HOLD_MS = 450;
// After this pause a sideways wheel begins anew.
const WHEEL_PAUSE_MS = 250;
const LEAST_PINCH_PX = 10;

/**
 * Follows wheel, drag, pinch and pointing on an element. Listens from `listen`
 * on, until what that returns is called.
 */
export class TimeGestures {
  readonly #hands: TimeHands;
  /** Where each finger is, and was first. */
  readonly #pointers = new Map<number, { startX: number; x: number }>();
  #isDragging = false;
  /** The pointer that selects. */
  #selecting: number | undefined;
  #hold: ReturnType<typeof setTimeout> | undefined;
  #wheelMs = -Infinity;
  #wheelShare = 0;

  constructor(hands: TimeHands) {
    this.#hands = hands;
  }

  listen(element: HTMLElement): () => void {
    const abort = new AbortController();
    const { signal } = abort;
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false, signal });
    element.addEventListener('pointerdown', (event) => this.#press(event, element), { signal });
    element.addEventListener('pointermove', (event) => this.#drag(event), { signal });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      element.addEventListener(end, (event) => this.#release(event), { signal });
    }
    // What a finger selects does not scroll the page, and a finger that lies still opens no menu.
    element.addEventListener('touchmove', (event) => this.#selecting !== undefined && event.preventDefault(), {
      passive: false,
      signal,
    });
    element.addEventListener('contextmenu', (event) => this.#pointers.size > 0 && event.preventDefault(), { signal });
    element.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#hands.point(undefined), {
      signal,
    });
    return () => {
      clearTimeout(this.#hold);
      abort.abort();
    };
  }

  #wheel(event: WheelEvent): void {
    const plane = this.#hands.plane();
    if (!plane) return;
    event.preventDefault();
    const move = wheelMove(event);
    if ('zoom' in move) this.#hands.zoom({ at: shareOf(plane, event.clientX), factor: move.zoom });
    else this.#slide(move.alongPx / plane.width, event.timeStamp);
  }

  #slide(share: number, timeMs: number): void {
    if (timeMs - this.#wheelMs > WHEEL_PAUSE_MS) {
      this.#hands.hold();
      this.#wheelShare = 0;
    }
    this.#wheelMs = timeMs;
    this.#wheelShare -= share;
    this.#hands.move({ share: this.#wheelShare, factor: 1, at: 0.5 });
  }

  #press(event: PointerEvent, element: HTMLElement): void {
    if (event.button !== 0 || this.#pointers.size === 2 || this.#selecting !== undefined) return;
    element.setPointerCapture(event.pointerId);
    clearTimeout(this.#hold);
    const isFirst = this.#pointers.size === 0;
    this.#pointers.set(event.pointerId, { startX: event.clientX, x: event.clientX });
    this.#isDragging = !isFirst;
    this.#lay();
    if (isFirst && event.shiftKey) this.#anchor(event);
    else if (isFirst && event.pointerType === 'touch') this.#hold = setTimeout(() => this.#anchor(event), HOLD_MS);
  }

  #anchor({ pointerId, clientX }: PointerEvent): void {
    const plane = this.#hands.plane();
    if (!plane) return;
    this.#selecting = pointerId;
    this.#hands.anchor(shareOf(plane, clientX));
  }

  #drag(event: PointerEvent): void {
    const plane = this.#hands.plane();
    if (!plane) return;
    const pointer = this.#pointers.get(event.pointerId);
    if (this.#selecting !== undefined) {
      if (this.#selecting === event.pointerId) this.#hands.select(shareOf(plane, event.clientX));
      return;
    }
    if (!pointer) {
      if (event.pointerType === 'mouse') this.#hands.point(shareOf(plane, event.clientX));
      return;
    }
    pointer.x = event.clientX;
    const leastPx = event.pointerType === 'touch' ? STILL_PX : CLICK_PX;
    if (Math.abs(pointer.x - pointer.startX) > leastPx) this.#isDragging = true;
    if (!this.#isDragging) return;
    clearTimeout(this.#hold);
    this.#hands.move(this.#moved(plane));
  }

  /** From where the fingers were laid to where they are: by how much, and how far apart. */
  #moved({ left, width }: { readonly left: number; readonly width: number }) {
    const [a, b = a] = [...this.#pointers.values()];
    const startX = (a.startX + b.startX) / 2;
    const apart =
      Math.max(LEAST_PINCH_PX, Math.abs(a.x - b.x)) / Math.max(LEAST_PINCH_PX, Math.abs(a.startX - b.startX));
    const factor = a === b ? 1 : 1 / apart;
    return { share: (((a.x + b.x) / 2 - startX) / width) * factor, factor, at: (startX - left) / width };
  }

  #release(event: PointerEvent): void {
    clearTimeout(this.#hold);
    if (!this.#pointers.delete(event.pointerId)) return;
    const plane = this.#hands.plane();
    const isClick = event.type === 'pointerup' && !this.#isDragging && this.#selecting === undefined;
    if (isClick && plane) {
      this.#hands.unselect();
      this.#hands.point(shareOf(plane, event.clientX));
    }
    if (this.#selecting === event.pointerId) this.#selecting = undefined;
    this.#lay();
  }

  /** Fingers that stay go on from where they are. */
  #lay(): void {
    for (const pointer of this.#pointers.values()) pointer.startX = pointer.x;
    this.#hands.hold();
  }
}

function shareOf({ left, width }: { readonly left: number; readonly width: number }, x: number): number {
  return Math.min(1, Math.max(0, (x - left) / width));
}
