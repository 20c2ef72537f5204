import type { GraphBuilder } from '../onnx/graph.ts';

/** A map of numbers to whole ones of 16 bits, so near that sums of their products are exact in f64, in any order. */
export interface WholeScale {
  /** Becomes 0; an f32. */
  readonly origin: number;
  /** Whole numbers in one of what is mapped; an f32. */
  readonly perUnit: number;
}

// Up to 2²¹ of them, squares and products together stay below 2⁵³.
const LARGEST = 2 ** 15 - 1;
// Adding it leaves an f64 no digits behind the point: halves round to even, as ONNX does.
const ROUNDER = 1.5 * 2 ** 52;

/** Spreads the whole numbers over the range of `values`. Numbers beyond it become its nearest end. */
export function fitWholeScale(values: Float32Array): WholeScale {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  const perUnit = Math.fround(LARGEST / (high / 2 - low / 2));
  return { origin: Math.fround(low / 2 + high / 2), perUnit: Number.isFinite(perUnit) ? perUnit : 1 };
}

/** Maps values; bit-equal to `addWhole`. */
export function toWhole({ origin, perUnit }: WholeScale, values: Float32Array): Float32Array {
  const whole = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const scaled = Math.fround(Math.fround(values[i] - origin) * perUnit);
    whole[i] = roundToEven(Math.min(Math.max(scaled, -LARGEST), LARGEST));
  }
  return whole;
}

/** Adds the map of an f32 `input`; returns the name of f64 of the same shape. */
export function addWhole(graph: GraphBuilder, { origin, perUnit }: WholeScale, input: string): string {
  const scaled = graph.add('Mul', [graph.add('Sub', [input, graph.scalar(origin)]), graph.scalar(perUnit)]);
  const clamped = graph.add('Clip', [scaled, graph.scalar(-LARGEST), graph.scalar(LARGEST)]);
  return graph.cast(graph.add('Round', [clamped]), 'double');
}

/** The nearest whole number, the even one of two; below 2⁵¹. */
export function roundToEven(value: number): number {
  return value + ROUNDER - ROUNDER;
}
