/**
 * The class that is told of a run: the place of the greatest f32(probability ×
 * weight), the first of equals. With the same probabilities it is the same in
 * trainer, server and browser.
 */
export function decideClass(probabilities: ArrayLike<number>, weights: ArrayLike<number>): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let one = 0; one < weights.length; one++) {
    const weighed = Math.fround(probabilities[one] * weights[one]);
    if (weighed <= most) continue;
    most = weighed;
    best = one;
  }
  return best;
}
