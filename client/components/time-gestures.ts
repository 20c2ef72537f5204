/** What hands do to a time axis; shares are of the axis' length, from its left end. */
export interface TimeHands {
  /** Where the axis lies on the screen, CSS pixels; undefined while there is none. */
  plane(): { readonly left: number; readonly width: number } | undefined;
  /** A hand is laid on the axis: `move` counts from here. */
  hold(): void;
  /** It has moved the axis to the right by `share`, and made that `factor` times as long about `at`. */
  move(moved: { readonly share: number; readonly factor: number; readonly at: number }): void;
  zoom(by: { readonly at: number; readonly factor: number }): void;
  /** With Shift held, a mouse is pressed there: `select` counts from here. */
  anchor(share: number): void;
  /** It is dragged to there. */
  select(share: number): void;
  /** Something points there; nothing does where it is undefined. */
  point(share: number | undefined): void;
}

// A wheel's notch is about 100 pixels: a seventh longer or shorter.
const ZOOM_PER_PX = 0.0014;
const LINE_PX = 16;
// A pointer that moves less than this is not dragging.
const CLICK_PX = 4;
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
  #isSelecting = false;
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
    element.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#hands.point(undefined), {
      signal,
    });
    return () => abort.abort();
  }

  #wheel(event: WheelEvent): void {
    const plane = this.#hands.plane();
    if (!plane || event.ctrlKey) return; // the browser's own zoom
    event.preventDefault();
    const unitPx = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
    const sidewaysPx = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unitPx;
    if (Math.abs(sidewaysPx) > Math.abs(event.deltaY * unitPx) || event.shiftKey) {
      this.#slide(sidewaysPx / plane.width, event.timeStamp);
      return;
    }
    this.#hands.zoom({ at: shareOf(plane, event.clientX), factor: Math.exp(event.deltaY * unitPx * ZOOM_PER_PX) });
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
    if (event.button !== 0 || this.#pointers.size === 2) return;
    element.setPointerCapture(event.pointerId);
    const plane = this.#hands.plane();
    if (event.shiftKey && plane && this.#pointers.size === 0) {
      this.#isSelecting = true;
      this.#hands.anchor(shareOf(plane, event.clientX));
      return;
    }
    this.#pointers.set(event.pointerId, { startX: event.clientX, x: event.clientX });
    this.#isDragging = this.#pointers.size === 2;
    this.#lay();
  }

  #drag(event: PointerEvent): void {
    const plane = this.#hands.plane();
    if (!plane) return;
    const pointer = this.#pointers.get(event.pointerId);
    if (this.#isSelecting) {
      this.#hands.select(shareOf(plane, event.clientX));
      return;
    }
    if (!pointer) {
      if (event.pointerType === 'mouse') this.#hands.point(shareOf(plane, event.clientX));
      return;
    }
    pointer.x = event.clientX;
    this.#isDragging ||= Math.abs(pointer.x - pointer.startX) > CLICK_PX;
    if (this.#isDragging) this.#hands.move(this.#moved(plane));
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
    this.#isSelecting = false;
    if (!this.#pointers.delete(event.pointerId)) return;
    const plane = this.#hands.plane();
    if (!this.#isDragging && plane) this.#hands.point(shareOf(plane, event.clientX));
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
