/** A smooth convex function to be minimised. */
export interface Objective {
  readonly size: number;
  /** Returns the value at `point` and writes the gradient there. */
  evaluate(point: Float64Array, gradient: Float64Array): number;
  /** Multiplies a gradient by a positive definite matrix, about the inverse of the second derivatives: gives about the way to the minimum. */
  precondition(gradient: Float64Array): void;
}

export interface Stopping {
  readonly maxIterations: number;
  /** Done where the gradient's length, as the preconditioner measures, is no larger: the root of about twice what is left to gain. */
  readonly maxSlope: number;
}

const MEMORY = 10;
const MAX_HALVINGS = 40;
/** Share of the promised decrease that a step must bring (Armijo). */
const DECREASE = 1e-4;

/**
 * Minimises by L-BFGS from 0 (Nocedal and Wright, Numerical Optimization,
 * algorithm 7.4), with the objective's preconditioner and steps halved until they bring enough. Ends where the slope is small, where
 * rounding leaves nothing to gain, or at `maxIterations`, with the best point.
 */
export function minimise(objective: Objective, { maxIterations, maxSlope }: Stopping): Float64Array {
  const { size } = objective;
  let point = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = objective.evaluate(point, gradient);
  let nextPoint = new Float64Array(size);
  let nextGradient = new Float64Array(size);
  const direction = new Float64Array(size);
  const scratch = new Float64Array(size);
  const pairs: Pair[] = [];

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (slope(objective, gradient, scratch) <= maxSlope) break;
    descend(objective, gradient, pairs, direction);
    const promised = dot(gradient, direction);
    let step = 1;
    let nextValue = Infinity;
    for (let halving = 0; halving < MAX_HALVINGS; halving++, step /= 2) {
      for (let i = 0; i < size; i++) nextPoint[i] = point[i] + step * direction[i];
      nextValue = objective.evaluate(nextPoint, nextGradient);
      if (nextValue <= value + DECREASE * step * promised) break;
    }
    if (!(nextValue < value)) break;
    remember(pairs, { objective, point, gradient, nextPoint, nextGradient, scratch });
    [point, nextPoint] = [nextPoint, point];
    [gradient, nextGradient] = [nextGradient, gradient];
    value = nextValue;
  }
  return point;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** step · change. */
  readonly product: number;
  /** What the preconditioner is to be multiplied by. */
  readonly scale: number;
}

interface Move {
  readonly objective: Objective;
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  readonly nextPoint: Float64Array;
  readonly nextGradient: Float64Array;
  readonly scratch: Float64Array;
}

// Two loops over the last steps give -H·gradient without H.
function descend(objective: Objective, gradient: Float64Array, pairs: readonly Pair[], direction: Float64Array): void {
  direction.set(gradient);
  const shares = new Float64Array(pairs.length);
  for (let p = pairs.length - 1; p >= 0; p--) {
    shares[p] = dot(pairs[p].step, direction) / pairs[p].product;
    addScaled(direction, -shares[p], pairs[p].change);
  }
  const scale = pairs.length > 0 ? pairs[pairs.length - 1].scale : 1;
  objective.precondition(direction);
  for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  for (let p = 0; p < pairs.length; p++) {
    addScaled(direction, shares[p] - dot(pairs[p].change, direction) / pairs[p].product, pairs[p].step);
  }
  for (let i = 0; i < direction.length; i++) direction[i] = -direction[i];
}

function remember(pairs: Pair[], { objective, point, gradient, nextPoint, nextGradient, scratch }: Move): void {
  const oldest = pairs.length === MEMORY ? pairs.shift() : undefined;
  const step = oldest?.step ?? new Float64Array(point.length);
  const change = oldest?.change ?? new Float64Array(point.length);
  for (let i = 0; i < step.length; i++) {
    step[i] = nextPoint[i] - point[i];
    change[i] = nextGradient[i] - gradient[i];
  }
  scratch.set(change);
  objective.precondition(scratch);
  const product = dot(step, change);
  const norm = dot(change, scratch);
  // In a convex function only rounding makes it 0 or less; such a pair tells nothing.
  if (product > 0) pairs.push({ step, change, product, scale: product / norm });
}

function slope(objective: Objective, gradient: Float64Array, scratch: Float64Array): number {
  scratch.set(gradient);
  objective.precondition(scratch);
  return Math.sqrt(dot(gradient, scratch));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * values[i];
}
