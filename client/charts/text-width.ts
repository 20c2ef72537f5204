const DIGITS = [...'0123456789'];

let context: CanvasRenderingContext2D | null | undefined;

/** Width of a text as a canvas draws it, CSS pixels. */
export function textWidth(text: string, font: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return 0;
  context.font = font;
  return context.measureText(text).width;
}

/** Width that `text` has at most, whatever its digits are: a canvas draws a 1 narrower than an 8. */
export function widestWidth(text: string, font: string): number {
  return Math.max(...DIGITS.map((digit) => textWidth(text.replace(/\d/g, digit), font)));
}
