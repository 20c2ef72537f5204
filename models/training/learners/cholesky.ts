interface Change {
  /** What the matrix is multiplied by. */
  readonly scale: number;
  /** What is then added to its diagonal, above 0. */
  readonly shift: number;
}

/** The factor L of a symmetric positive definite matrix A = L L', to solve A x = b. */
export class Cholesky {
  /** Row after row; the upper half is not used. */
  readonly #factor: Float64Array;
  readonly #size: number;

  /** Takes the lower half of a positive semidefinite matrix over, size × size, and changes it. */
  constructor(matrix: Float64Array, size: number, { scale, shift }: Change) {
    this.#factor = matrix;
    this.#size = size;
    for (let i = 0; i < size; i++) {
      const row = i * size;
      for (let j = 0; j < i; j++) {
        const sum = scale * matrix[row + j] - dot(matrix, row, j * size, j);
        matrix[row + j] = sum / matrix[j * size + j];
      }
      // Rounding may leave less than the shift that was added, or nothing.
      const rest = scale * matrix[row + i] + shift - dot(matrix, row, row, i);
      matrix[row + i] = Math.sqrt(Math.max(rest, shift));
    }
  }

  /** Turns b into x. */
  solve(vector: Float64Array): void {
    const size = this.#size;
    const factor = this.#factor;
    for (let i = 0; i < size; i++) {
      let sum = vector[i];
      for (let j = 0; j < i; j++) sum -= factor[i * size + j] * vector[j];
      vector[i] = sum / factor[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      const own = vector[i] / factor[i * size + i];
      vector[i] = own;
      for (let j = 0; j < i; j++) vector[j] -= factor[i * size + j] * own;
    }
  }
}

// Of the first `count` numbers of two rows. Four sums, as one would wait for itself.
function dot(matrix: Float64Array, a: number, b: number, count: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < count; k += 4) {
    sum0 += matrix[a + k] * matrix[b + k];
    sum1 += matrix[a + k + 1] * matrix[b + k + 1];
    sum2 += matrix[a + k + 2] * matrix[b + k + 2];
    sum3 += matrix[a + k + 3] * matrix[b + k + 3];
  }
  for (; k < count; k++) sum0 += matrix[a + k] * matrix[b + k];
  return sum0 + sum1 + (sum2 + sum3);
}
