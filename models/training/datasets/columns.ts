/** Which columns of a table hold what, as positions from 0. */
export interface Columns {
  /** 1: the means alone; 3: minima, maxima and means. */
  readonly rows: 1 | 3;
  readonly length: number;
  /** Where the points begin; they follow each other. */
  readonly first: number;
  readonly label: number;
  readonly group?: number;
  readonly count: number;
}

export interface ColumnOptions {
  /** Points of a run. */
  readonly length: number;
  /** Column of what must stay on one side of a split; without it `group`, where there is one. */
  readonly group?: string;
}

export const LABEL_COLUMN = 'target';
export const GROUP_COLUMN = 'group';
/** Where a run of one's own channels is in the history; before its points. */
export const PLACE_COLUMNS = ['channel', 'stream', 'time'];
const THREE_ROWS = ['min_', 'max_', 'mean_'];

/** The names of the points of a run: `0` … or, with three rows, `min_0` …, `max_0` …, `mean_0` …. */
export function pointNames(rows: 1 | 3, length: number): string[] {
  const prefixes = rows === 3 ? THREE_ROWS : [''];
  return prefixes.flatMap((prefix) => Array.from({ length }, (_, point) => `${prefix}${point}`));
}

/**
 * Finds the columns of the source layout in a heading: a row number without a
 * name, the place of a run or neither, the points in their order, then the label and what groups
 * runs. `fail` is told what is wrong, and throws.
 */
export function findColumns(
  heading: readonly string[],
  { length, group }: ColumnOptions,
  fail: (what: string) => never,
): Columns {
  const twice = heading.find((name, i) => heading.indexOf(name) !== i);
  if (twice !== undefined) fail(`found the column ${shown(twice)} twice, expected it once`);
  const isPlaced = PLACE_COLUMNS.every((name, i) => heading[i] === name);
  const first = isPlaced ? PLACE_COLUMNS.length : heading[0] === '' ? 1 : 0;
  const rows = heading[first]?.startsWith('min_') ? 3 : 1;
  const points = pointNames(rows, length);
  const layout = `${points[0]} … ${points.at(-1)}`;
  for (const [i, expected] of points.entries()) {
    const found = heading[first + i];
    if (found === expected) continue;
    const place = heading.indexOf(expected);
    if (place < 0) {
      fail(`the column ${shown(expected)} is missing, expected ${layout}; found ${shown(found)} in its place`);
    }
    const places = `column ${first + i + 1} is ${shown(found)}, and ${shown(expected)} is column ${place + 1}`;
    fail(`the columns are out of order, expected ${layout}: ${places}`);
  }
  const rest = heading.slice(first + points.length);
  const grouping = group ?? (rest.includes(GROUP_COLUMN) ? GROUP_COLUMN : undefined);
  const extra = rest.find((name) => name !== LABEL_COLUMN && name !== grouping);
  if (extra !== undefined) {
    fail(`found the column ${shown(extra)}, expected after ${layout} only ${LABEL_COLUMN} and a column of groups`);
  }
  const find = (name: string) => {
    const place = heading.indexOf(name);
    return place >= first + points.length ? place : fail(`the column ${shown(name)} is missing after ${layout}`);
  };
  return {
    rows,
    length,
    first,
    label: find(LABEL_COLUMN),
    ...(grouping !== undefined && { group: find(grouping) }),
    count: heading.length,
  };
}

/** Text of a file in a message: quoted, cut off where it is long. */
export function shown(text: string | undefined): string {
  return text === undefined ? 'nothing' : JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
