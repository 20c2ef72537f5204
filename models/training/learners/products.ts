// Products of tall matrices of features with few columns, in f64. Columns are taken in tiles that stay in the cache, and
// four outputs at once, so that a feature is read and widened a quarter as often.
const TILE = 1024;
const BLOCK = 4;

interface Product {
  /** runs × width. */
  readonly features: Float32Array;
  readonly width: number;
  readonly runs: number;
  readonly outputs: number;
}

/** Writes features · weightsᵀ; weights are outputs × width, or longer, `products` runs × outputs. */
export function multiply({
  features,
  width,
  runs,
  weights,
  outputs,
  products,
}: Product & { readonly weights: Float64Array | Float32Array; readonly products: Float64Array }): void {
  products.fill(0);
  const padded = new Float64Array(BLOCK * TILE);
  for (let from = 0; from < width; from += TILE) {
    const tile = Math.min(TILE, width - from);
    for (let first = 0; first < outputs; first += BLOCK) {
      const block = Math.min(BLOCK, outputs - first);
      for (let b = 0; b < block; b++) {
        const at = (first + b) * width + from;
        padded.set(weights.subarray(at, at + tile), b * TILE);
      }
      multiplyTile({ features, at: from, width, runs, tile, padded, products, first, outputs, block });
    }
  }
}

interface Tile {
  readonly features: Float32Array;
  readonly at: number;
  readonly width: number;
  readonly runs: number;
  readonly tile: number;
  readonly padded: Float64Array;
  readonly products: Float64Array;
  readonly first: number;
  readonly outputs: number;
  readonly block: number;
}

function multiplyTile({ features, at, width, runs, tile, padded, products, first, outputs, block }: Tile): void {
  for (let run = 0; run < runs; run++) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    const from = run * width + at;
    for (let j = 0; j < tile; j++) {
      const x = features[from + j];
      sum0 += x * padded[j];
      sum1 += x * padded[TILE + j];
      sum2 += x * padded[2 * TILE + j];
      sum3 += x * padded[3 * TILE + j];
    }
    const to = run * outputs + first;
    products[to] += sum0;
    if (block > 1) products[to + 1] += sum1;
    if (block > 2) products[to + 2] += sum2;
    if (block > 3) products[to + 3] += sum3;
  }
}

/** ‖x‖² of each row. */
export function squareNorms(rows: ArrayLike<number>, width: number): Float64Array {
  const norms = new Float64Array(rows.length / width);
  for (let row = 0, at = 0; row < norms.length; row++) {
    for (let j = 0; j < width; j++, at++) norms[row] += rows[at] * rows[at];
  }
  return norms;
}

/** Adds factorsᵀ · features to `sums`, which are outputs × width, or longer; factors are runs × outputs. */
export function addTransposedProduct({
  features,
  width,
  runs,
  factors,
  outputs,
  sums,
}: Product & { readonly factors: Float64Array; readonly sums: Float64Array }): void {
  const padded = new Float64Array(BLOCK * TILE);
  for (let from = 0; from < width; from += TILE) {
    const tile = Math.min(TILE, width - from);
    for (let first = 0; first < outputs; first += BLOCK) {
      const block = Math.min(BLOCK, outputs - first);
      padded.fill(0);
      sumTile({ features, at: from, width, runs, tile, padded, products: factors, first, outputs, block });
      for (let b = 0; b < block; b++) {
        const to = (first + b) * width + from;
        for (let j = 0; j < tile; j++) sums[to + j] += padded[b * TILE + j];
      }
    }
  }
}

function sumTile({ features, at, width, runs, tile, padded, products, first, outputs, block }: Tile): void {
  for (let run = 0; run < runs; run += 2) {
    const from = run * width + at;
    const hasNext = run + 1 < runs;
    const next = hasNext ? from + width : from;
    const own = run * outputs + first;
    const a0 = products[own];
    const a1 = block > 1 ? products[own + 1] : 0;
    const a2 = block > 2 ? products[own + 2] : 0;
    const a3 = block > 3 ? products[own + 3] : 0;
    const b0 = hasNext ? products[own + outputs] : 0;
    const b1 = hasNext && block > 1 ? products[own + outputs + 1] : 0;
    const b2 = hasNext && block > 2 ? products[own + outputs + 2] : 0;
    const b3 = hasNext && block > 3 ? products[own + outputs + 3] : 0;
    for (let j = 0; j < tile; j++) {
      const x = features[from + j];
      const y = features[next + j];
      padded[j] += a0 * x + b0 * y;
      padded[TILE + j] += a1 * x + b1 * y;
      padded[2 * TILE + j] += a2 * x + b2 * y;
      padded[3 * TILE + j] += a3 * x + b3 * y;
    }
  }
}
