/** The room there is and what a tile needs of it, CSS pixels. */
export interface TileRoom {
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly gap: number;
  /** Width to height that a tile would best have; that of a trend when left out. */
  readonly aspect?: number;
}

// Width to height of a tile that shows a trend well.
const ASPECT = 1.6;
// What an empty place costs beside a wrong aspect.
const HOLE_COST = 3;

/**
 * How many columns `count` tiles take: all of them on the screen where tiles
 * can be large enough, in the shape nearest to the best with the fewest
 * holes; else as many columns as fit, and the rest is scrolled to.
 */
export function tileColumns(count: number, room: TileRoom): number {
  const most = Math.max(1, Math.floor((room.width + room.gap) / (room.tileWidth + room.gap)));
  let best = most;
  let bestCost = Infinity;
  for (let columns = 1; columns <= Math.min(most, count); columns++) {
    const rows = Math.ceil(count / columns);
    const height = (room.height - room.gap * (rows - 1)) / rows;
    if (height < room.tileHeight) continue;
    const width = (room.width - room.gap * (columns - 1)) / columns;
    const holes = (columns * rows - count) / count;
    const cost = Math.abs(Math.log(width / height / (room.aspect ?? ASPECT))) + HOLE_COST * holes;
    if (cost < bestCost) {
      best = columns;
      bestCost = cost;
    }
  }
  return best;
}

/** How many tiles fit without scrolling; at least one. */
export function tileCapacity({ width, height, tileWidth, tileHeight, gap }: TileRoom): number {
  const columns = Math.floor((width + gap) / (tileWidth + gap));
  const rows = Math.floor((height + gap) / (tileHeight + gap));
  return Math.max(1, columns) * Math.max(1, rows);
}

/** Where the focus is among the tiles, and how many there are. */
export interface TilePlace {
  readonly at: number;
  readonly count: number;
  readonly columns: number;
}

/** Which tile a key leads to; undefined where it leads nowhere. */
export function tileAfter(key: string, place: TilePlace): number | undefined {
  const to = target(key, place);
  return to === undefined || to < 0 || to >= place.count ? undefined : to;
}

function target(key: string, { at, count, columns }: TilePlace): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return at - 1;
    case 'ArrowRight':
      return at + 1;
    case 'ArrowUp':
      return at - columns;
    case 'ArrowDown':
      return at + columns;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
