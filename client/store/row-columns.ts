import type { DecimateKernel } from '../../server/kernels/decimate-kernel.ts';

/** Which pixel columns to make: column c holds the rows that start in [fromMs + c * columnMs, … + columnMs). */
export interface ColumnRange {
  readonly fromMs: number;
  readonly columnMs: number;
  readonly columns: number;
}

/** Of each row, beside the kernel's columns. */
export interface OwnColumns {
  /** How far the rows up to this one reach beyond its start: rows may be longer than others. */
  readonly reachMs: Float32Array;
  /** Enough digits to be read; to be drawn, none is needed. */
  readonly deviation: Float32Array;
}

export function ownColumns(capacity: number): OwnColumns {
  return { reachMs: new Float32Array(capacity), deviation: new Float32Array(capacity) };
}

/** All columns of a channel's rows, always in the same order. */
export function columnsOf({ rows }: DecimateKernel, own: OwnColumns): readonly (Float64Array | Float32Array)[] {
  return [rows.timeMs, rows.min, rows.max, rows.mean, rows.count, own.reachMs, own.deviation];
}
