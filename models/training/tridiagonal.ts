/**
 * A symmetric matrix K as Q T Q', T tridiagonal and Q a product of Householder
 * reflections (Golub and Van Loan, Matrix Computations, 8.3.1). For sums like (K + a)^-1 of many shifts a that is as good as
 * eigenvectors, and takes a quarter of the time.
 */
export class Tridiagonal {
  readonly size: number;
  readonly #diagonal: Float64Array;
  readonly #beside: Float64Array;
  /** Row k right of the diagonal: the vector of reflection k, which keeps coordinates up to k. */
  readonly #matrix: Float64Array;
  readonly #factors: Float64Array;

  /** Takes the lower half of `matrix`, size × size, and the memory of it all. */
  constructor(matrix: Float64Array, size: number) {
    this.size = size;
    this.#matrix = matrix;
    this.#diagonal = new Float64Array(size);
    this.#beside = new Float64Array(size);
    this.#factors = new Float64Array(size);
    for (let k = 0; k < size; k++) this.#reduce(k);
  }

  /** Multiplies every row of `rows`, `size` numbers each, by Q from the right, in place. */
  turn(rows: Float64Array): void {
    // Some rows at a time, so that a vector is fetched once for all of them.
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE * this.size) {
      const some = rows.subarray(from, from + ROWS_AT_ONCE * this.size);
      for (let k = 0; k < this.size - 2; k++) this.#reflect(some, k);
    }
  }

  /** Multiplies every row of `rows` by Q', in place. */
  turnBack(rows: Float64Array): void {
    for (let k = this.size - 3; k >= 0; k--) this.#reflect(rows, k);
  }

  /** (T + shift), shift above 0, K not negative, in a form that solves. */
  shifted(shift: number): ShiftedTridiagonal {
    const { size } = this;
    const pivots = new Float64Array(size);
    const ratios = new Float64Array(size);
    for (let k = 0; k < size; k++) {
      ratios[k] = k > 0 ? this.#beside[k - 1] / pivots[k - 1] : 0;
      pivots[k] = this.#diagonal[k] + shift - (k > 0 ? ratios[k] * this.#beside[k - 1] : 0);
    }
    return new ShiftedTridiagonal(pivots, ratios);
  }

  // Four rows at a time, whose sums do not wait for each other.
  #reflect(rows: Float64Array, k: number): void {
    const { size } = this;
    const v = this.#matrix.subarray(k * size, (k + 1) * size);
    const factor = this.#factors[k];
    let row = 0;
    for (; row + 4 * size <= rows.length; row += 4 * size) {
      const a = rows.subarray(row, row + size);
      const b = rows.subarray(row + size, row + 2 * size);
      const c = rows.subarray(row + 2 * size, row + 3 * size);
      const d = rows.subarray(row + 3 * size, row + 4 * size);
      let [sa, sb, sc, sd] = [0, 0, 0, 0];
      for (let i = k + 1; i < size; i++) {
        sa += a[i] * v[i];
        sb += b[i] * v[i];
        sc += c[i] * v[i];
        sd += d[i] * v[i];
      }
      sa *= factor;
      sb *= factor;
      sc *= factor;
      sd *= factor;
      for (let i = k + 1; i < size; i++) {
        a[i] -= sa * v[i];
        b[i] -= sb * v[i];
        c[i] -= sc * v[i];
        d[i] -= sd * v[i];
      }
    }
    for (; row < rows.length; row += size) {
      let sum = 0;
      for (let i = k + 1; i < size; i++) sum += rows[row + i] * v[i];
      sum *= factor;
      for (let i = k + 1; i < size; i++) rows[row + i] -= sum * v[i];
    }
  }

  // Makes column k zero but for the diagonal and what is beside it, and changes what is below and right accordingly.
  #reduce(k: number): void {
    const { size } = this;
    const a = this.#matrix;
    this.#diagonal[k] = a[k * size + k];
    if (k < size - 1) this.#beside[k] = a[(k + 1) * size + k];
    if (k >= size - 2) return;
    const v = a.subarray(k * size, (k + 1) * size);
    let norm = 0;
    for (let i = k + 1; i < size; i++) {
      v[i] = a[i * size + k];
      norm += v[i] * v[i];
    }
    if (norm === 0) return;
    norm = Math.sqrt(norm);
    const head = v[k + 1];
    this.#beside[k] = head > 0 ? -norm : norm;
    v[k + 1] = head - this.#beside[k];
    const factor = 1 / (norm * (norm + Math.abs(head)));
    this.#factors[k] = factor;
    this.#updateBelow(k, v, factor);
  }

  // A - v w' - w v' where w = p - (factor p'v / 2) v, p = factor A v.
  #updateBelow(k: number, v: Float64Array, factor: number): void {
    const { size } = this;
    const a = this.#matrix;
    const w = new Float64Array(size);
    for (let i = k + 1; i < size; i++) {
      const row = i * size;
      const vi = v[i];
      let sum = 0;
      for (let j = k + 1; j < i; j++) {
        sum += a[row + j] * v[j];
        w[j] += a[row + j] * vi;
      }
      w[i] += sum + a[row + i] * vi;
    }
    let along = 0;
    for (let i = k + 1; i < size; i++) {
      w[i] *= factor;
      along += w[i] * v[i];
    }
    for (let i = k + 1; i < size; i++) w[i] -= 0.5 * factor * along * v[i];
    for (let i = k + 1; i < size; i++) {
      const row = i * size;
      const vi = v[i];
      const wi = w[i];
      for (let j = k + 1; j <= i; j++) a[row + j] -= vi * w[j] + wi * v[j];
    }
  }
}

const ROWS_AT_ONCE = 32;

/** A positive definite tridiagonal matrix as L D L'. */
class ShiftedTridiagonal {
  readonly #pivots: Float64Array;
  readonly #ratios: Float64Array;

  constructor(pivots: Float64Array, ratios: Float64Array) {
    this.#pivots = pivots;
    this.#ratios = ratios;
  }

  /** x' M^-1 x */
  form(x: Float64Array): number {
    let z = 0;
    let sum = 0;
    for (let k = 0; k < x.length; k++) {
      z = x[k] - this.#ratios[k] * z;
      sum += (z * z) / this.#pivots[k];
    }
    return sum;
  }

  /** M^-1 x */
  solve(x: Float64Array): Float64Array {
    const y = x.slice();
    for (let k = 1; k < y.length; k++) y[k] -= this.#ratios[k] * y[k - 1];
    for (let k = y.length - 1; k >= 0; k--) {
      y[k] /= this.#pivots[k];
      if (k + 1 < y.length) y[k] -= this.#ratios[k + 1] * y[k + 1];
    }
    return y;
  }
}
