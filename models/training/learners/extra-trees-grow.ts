import type { Random } from '../../../server/ingest/simulator/random.ts';
import type { LabelledRuns } from './learner.ts';

/** A leaf's votes are whole numbers of this to all of them. */
export const LEAF_VOTES = 64;

/** Trees, one after the other, as columns of nodes. The two children of a node follow each other. */
export interface Trees {
  /** Of each tree its first node; then the number of nodes. */
  readonly roots: Int32Array;
  /** Of each node which point of a run it asks for, -1 where it is a leaf. */
  readonly points: Int32Array;
  /** Runs whose point is at most that go to the first child: f32. */
  readonly thresholds: Float32Array;
  /** Of a node its first child; of a leaf its number. */
  readonly children: Int32Array;
  /** leaves × classes: how a leaf's votes are shared. */
  readonly votes: Uint8Array;
}

interface Limits {
  readonly trees: number;
  /** Nodes of one tree. It is grown level by level, and what is not divided when they are used up is a leaf. */
  readonly nodes: number;
}

/**
 * Grows extremely randomised trees (Geurts, Ernst, Wehenkel 2006) as scikit-learn does by default: at each node it draws
 * √width points and for each a threshold between its extremes there, and takes what lowers Gini's impurity most, until
 * leaves are pure. Every tree sees all runs.
 */
export function growTrees(runs: LabelledRuns, { trees, nodes }: Limits, random: Random): Trees {
  const forest = new Forest(runs, nodes, random);
  for (let tree = 0; tree < trees; tree++) forest.grow();
  return forest.toTrees();
}

interface Part {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

interface Split {
  readonly point: number;
  readonly threshold: number;
}

class Forest {
  readonly #runs: LabelledRuns;
  /** rows × length columns of runs. */
  readonly #columns: Float32Array;
  readonly #width: number;
  readonly #most: number;
  readonly #random: Random;
  /** The runs of each node of the tree that grows, next to each other. */
  readonly #order: Int32Array;
  readonly #spare: Int32Array;
  /** What a point is in the runs of a node. */
  readonly #own: Float32Array;
  readonly #draw: Int32Array;
  readonly #total: Float64Array;
  readonly #left: Float64Array;
  readonly #roots: number[] = [];
  readonly #points: number[] = [];
  readonly #thresholds: number[] = [];
  readonly #children: number[] = [];
  readonly #votes: number[] = [];

  constructor(runs: LabelledRuns, most: number, random: Random) {
    this.#runs = runs;
    this.#width = runs.rows * runs.length;
    this.#columns = new Float32Array(runs.values.length);
    for (let run = 0, at = 0; run < runs.runs; run++) {
      for (let i = 0; i < this.#width; i++, at++) this.#columns[i * runs.runs + run] = runs.values[at];
    }
    this.#most = most;
    this.#random = random;
    this.#order = Int32Array.from({ length: runs.runs }, (_, run) => run);
    this.#spare = new Int32Array(runs.runs);
    this.#own = new Float32Array(runs.runs);
    this.#draw = Int32Array.from({ length: this.#width }, (_, i) => i);
    this.#total = new Float64Array(runs.classes);
    this.#left = new Float64Array(runs.classes);
  }

  grow(): void {
    const root = this.#points.length;
    this.#roots.push(root);
    const parts: Part[] = [{ node: this.#addNode(), from: 0, to: this.#runs.runs }];
    for (const part of parts) {
      const isFull = this.#points.length - root + 2 > this.#most;
      const split = isFull ? undefined : this.#findSplit(part);
      if (split === undefined) {
        this.#makeLeaf(part);
        continue;
      }
      const first = this.#addNode();
      const second = this.#addNode();
      this.#points[part.node] = split.point;
      this.#thresholds[part.node] = split.threshold;
      this.#children[part.node] = first;
      const middle = this.#divide(part, split);
      parts.push({ node: first, from: part.from, to: middle }, { node: second, from: middle, to: part.to });
    }
  }

  toTrees(): Trees {
    return {
      roots: Int32Array.of(...this.#roots, this.#points.length),
      points: Int32Array.from(this.#points),
      thresholds: Float32Array.from(this.#thresholds),
      children: Int32Array.from(this.#children),
      votes: Uint8Array.from(this.#votes),
    };
  }

  #addNode(): number {
    this.#thresholds.push(0);
    this.#children.push(0);
    return this.#points.push(-1) - 1;
  }

  #makeLeaf(part: Part): void {
    this.#countClasses(part);
    const sum = this.#total.reduce((a, b) => a + b, 0);
    this.#children[part.node] = this.#votes.length / this.#total.length;
    for (const weight of this.#total) this.#votes.push(Math.round((LEAF_VOTES * weight) / sum));
  }

  /** Fills `total` with the weight of each class, and tells how many classes there are. */
  #countClasses({ from, to }: Part): number {
    const { labels, weights } = this.#runs;
    this.#total.fill(0);
    for (let i = from; i < to; i++) {
      const label = labels[this.#order[i]];
      this.#total[label] += weights[label];
    }
    return this.#total.reduce((count, weight) => count + Number(weight > 0), 0);
  }

  /** Points that are constant in a node count as drawn; it goes on until one is not, or none is left. */
  #findSplit(part: Part): Split | undefined {
    if (this.#countClasses(part) < 2) return undefined;
    const wanted = Math.floor(Math.sqrt(this.#width));
    let best: Split | undefined;
    let bestPurity = -Infinity;
    for (let drawn = 0; drawn < this.#width && (drawn < wanted || best === undefined); drawn++) {
      const point = this.#drawPoint(drawn);
      const threshold = this.#drawThreshold(part, point);
      if (threshold === undefined) continue;
      const purity = this.#purityOf(part, threshold);
      if (purity > bestPurity) {
        best = { point, threshold };
        bestPurity = purity;
      }
    }
    return best;
  }

  #drawPoint(drawn: number): number {
    const draw = this.#draw;
    const other = this.#random.whole(drawn, this.#width - 1);
    const point = draw[other];
    draw[other] = draw[drawn];
    draw[drawn] = point;
    return point;
  }

  /** At least the smallest and below the largest, so that both children get a run; `undefined` where they are the same. */
  #drawThreshold({ from, to }: Part, point: number): number | undefined {
    const column = this.#columns;
    const order = this.#order;
    const own = this.#own;
    const start = point * this.#runs.runs;
    let min = Infinity;
    let max = -Infinity;
    for (let i = from; i < to; i++) {
      const x = column[start + order[i]];
      own[i] = x;
      if (x < min) min = x;
      if (x > max) max = x;
    }
    if (!(min < max)) return undefined;
    const threshold = Math.fround(this.#random.between(min, max));
    return threshold < max ? threshold : min;
  }

  /** Gini's impurity of both children, weighted, is all runs' weight less this. */
  #purityOf({ from, to }: Part, threshold: number): number {
    const { labels, weights } = this.#runs;
    const order = this.#order;
    const own = this.#own;
    const left = this.#left.fill(0);
    for (let i = from; i < to; i++) if (own[i] <= threshold) left[labels[order[i]]]++;
    let [leftSum, leftSquares, rightSum, rightSquares] = [0, 0, 0, 0];
    for (let k = 0; k < left.length; k++) {
      const onLeft = left[k] * weights[k];
      const onRight = this.#total[k] - onLeft;
      leftSum += onLeft;
      leftSquares += onLeft * onLeft;
      rightSum += onRight;
      rightSquares += onRight * onRight;
    }
    return leftSquares / leftSum + rightSquares / rightSum;
  }

  /** Puts the runs of the first child before those of the second, and returns where these begin. */
  #divide({ from, to }: Part, { point, threshold }: Split): number {
    const order = this.#order;
    const start = point * this.#runs.runs;
    let middle = from;
    let others = 0;
    for (let i = from; i < to; i++) {
      const run = order[i];
      if (this.#columns[start + run] <= threshold) order[middle++] = run;
      else this.#spare[others++] = run;
    }
    order.set(this.#spare.subarray(0, others), middle);
    return middle;
  }
}
