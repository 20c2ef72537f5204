/** The products of every two of `count` rows, `width` numbers each: the lower half of count × count, the rest 0. */
export function gram(rows: Float64Array, count: number, width: number): Float64Array {
  const products = new Float64Array(count * count);
  const row = (i: number) => rows.subarray(i * width, (i + 1) * width);
  let i = 0;
  // Two rows by four at a time: six numbers read make eight products.
  for (; i + 1 < count; i += 2) {
    const [a, b] = [row(i), row(i + 1)];
    let j = 0;
    for (; j + 3 <= i + 1; j += 4)
      multiply(a, b, [row(j), row(j + 1), row(j + 2), row(j + 3)], products, i * count + j);
    for (; j <= i + 1; j++) {
      products[i * count + j] = dot(a, row(j));
      products[(i + 1) * count + j] = dot(b, row(j));
    }
  }
  for (let j = 0; i < count && j <= i; j++) products[i * count + j] = dot(row(i), row(j));
  return products;

  function multiply(
    a: Float64Array,
    b: Float64Array,
    [c, d, e, f]: readonly Float64Array[],
    to: Float64Array,
    at: number,
  ): void {
    let [ac, ad, ae, af, bc, bd, be, bf] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = 0; k < width; k++) {
      const x = a[k];
      const y = b[k];
      ac += x * c[k];
      ad += x * d[k];
      ae += x * e[k];
      af += x * f[k];
      bc += y * c[k];
      bd += y * d[k];
      be += y * e[k];
      bf += y * f[k];
    }
    to.set([ac, ad, ae, af], at);
    to.set([bc, bd, be, bf], at + count);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
