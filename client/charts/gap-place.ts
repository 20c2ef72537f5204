/** A length on the screen, CSS pixels. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The middle of a text, and whether it is read from the bottom to the top. */
export interface GapPlace {
  readonly x: number;
  readonly y: number;
  readonly isUpright: boolean;
}

/**
 * Where the words of a gap stand: in the middle of its width, upright where it
 * is too narrow for them, and in the larger space above or below the normal
 * band, whose edges would strike them through. Where neither has room, in the
 * middle of the plot.
 */
export function gapPlace(
  { across, down, band }: { readonly across: Stretch; readonly down: Stretch; readonly band: Stretch | undefined },
  text: { readonly width: number; readonly height: number },
): GapPlace {
  const isUpright = across.to - across.from < text.width + 2 * text.height;
  const needed = (isUpright ? text.width : text.height) + text.height;
  const above = { from: down.from, to: Math.min(down.to, band?.from ?? down.to) };
  const below = { from: Math.max(down.from, band?.to ?? down.from), to: down.to };
  const free = above.to - above.from > below.to - below.from ? above : below;
  const y = middle(free.to - free.from >= needed ? free : down);
  return { x: middle(across), y, isUpright };
}

function middle({ from, to }: Stretch): number {
  return (from + to) / 2;
}
