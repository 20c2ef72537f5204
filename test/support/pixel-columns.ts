import type { SourceColumns } from '../../client/charts/trend-source.ts';

/** A column's minimum and maximum; nothing; a gap mark; or data and a gap mark. */
export type Cell = readonly [min: number, max: number] | undefined | 'gap' | 'both';

/** Pixel columns as a decimation would give them. The mean lies in the middle. */
export function columnsOf(cells: readonly Cell[]): SourceColumns {
  const figures = cells.map((cell) => (cell === 'both' ? [0, 1] : typeof cell === 'object' ? cell : undefined));
  return {
    length: cells.length,
    min: Float64Array.from(figures, (figure) => figure?.[0] ?? NaN),
    max: Float64Array.from(figures, (figure) => figure?.[1] ?? NaN),
    mean: Float64Array.from(figures, (figure) => (figure ? (figure[0] + figure[1]) / 2 : NaN)),
    count: Float64Array.from(figures, (figure) => (figure ? 10 : 0)),
    broken: Uint8Array.from(cells, (cell) => (cell === 'gap' || cell === 'both' ? 1 : 0)),
  };
}
