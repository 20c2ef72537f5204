// A wheel's notch is about 100 pixels: a seventh longer or shorter.
const ZOOM_PER_PX = 0.0014;
// Two fingers on a trackpad, which a browser tells as a wheel with Ctrl, turn a few pixels at a time.
const PINCH_PER_PX = 0.01;
// A real wheel with Ctrl held turns a whole notch.
const MOST_PINCH = 0.2;
// Wheels that turn by lines or pages.
const LINE_PX = 16;
const PAGE_PX = 400;

/** What of a wheel's turn says how far. */
export type WheelTurn = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'shiftKey' | 'ctrlKey'>;

/** What a wheel does to a time axis: moves it by so many pixels, or makes what is shown `zoom` times as long. */
export type WheelMove = { readonly alongPx: number } | { readonly zoom: number };

/** Sideways or with Shift a wheel moves, else it zooms; a pinch on a trackpad zooms as far as the fingers go apart. */
export function wheelMove({ deltaX, deltaY, deltaMode, shiftKey, ctrlKey }: WheelTurn): WheelMove {
  const unitPx = [1, LINE_PX, PAGE_PX][deltaMode] ?? 1;
  if (ctrlKey) return { zoom: Math.exp(Math.max(-MOST_PINCH, Math.min(MOST_PINCH, deltaY * unitPx * PINCH_PER_PX))) };
  if (shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) return { alongPx: (deltaX || deltaY) * unitPx };
  return { zoom: Math.exp(deltaY * unitPx * ZOOM_PER_PX) };
}
