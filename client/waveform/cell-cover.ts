/** The overview of a recording: cells of its finest level, and how many there are of each. */
export interface Levels {
  /** Samples of a cell of the finest level; each level is ten times coarser. */
  readonly cell: number;
  readonly levels: readonly number[];
}

/** A run of cells of a level, or of samples themselves, in the file; `to` not included. */
export interface Cover {
  /** Undefined for samples. */
  readonly level: number | undefined;
  readonly from: number;
  readonly to: number;
}

const TIMES = 10;

/** Samples of a cell of a level. */
export function cellSamples({ cell }: Levels, level: number): number {
  return cell * TIMES ** level;
}

/** The coarsest level whose cells are not larger than so many samples; undefined where even the finest are. */
export function levelFor(levels: Levels, samples: number): number | undefined {
  let level: number | undefined;
  for (let l = 0; l < levels.levels.length && cellSamples(levels, l) <= samples; l++) level = l;
  return level;
}

/**
 * Covers samples of the file exactly: with cells that lie whole inside, the
 * coarsest that fit, and with samples at the ends. So an extreme over any
 * range costs a few cells of each level.
 */
export function coverExactly(levels: Levels, range: { readonly from: number; readonly to: number }): Cover[] {
  const covers: Cover[] = [];
  const add = (from: number, to: number, below: number) => {
    if (to <= from) return;
    for (let level = below - 1; level >= 0; level--) {
      const size = cellSamples(levels, level);
      const first = Math.ceil(from / size);
      const end = Math.min(Math.floor(to / size), levels.levels[level]);
      if (end <= first) continue;
      add(from, first * size, level);
      covers.push({ level, from: first, to: end });
      add(end * size, to, level);
      return;
    }
    covers.push({ level: undefined, from, to });
  };
  add(range.from, range.to, levels.levels.length);
  return covers;
}
