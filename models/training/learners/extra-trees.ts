import type { Random } from '../../../server/ingest/simulator/random.ts';
import { type GraphBuilder, TensorType } from '../onnx/graph.ts';
import { growTrees, LEAF_VOTES, type Trees } from './extra-trees-grow.ts';
import type { LabelledRuns, Runs, Scored, ScoredNames } from './learner.ts';

/** Extremely randomised trees on the points themselves. */
export interface ExtraTreesSpec {
  readonly kind: 'extra-trees';
  /** At least 1. */
  readonly trees: number;
}

export interface LearnedExtraTrees {
  readonly kind: 'extra-trees';
  readonly classes: number;
  readonly trees: Trees;
  /** Of any count of votes, 0 to all, its score. */
  readonly scores: Float32Array;
}

/** Nodes of all trees together: a graph of about 8 MB. */
const MOST_NODES = 300_000;
/** Votes that each class has from the start, so that no logarithm is infinite: those of half a tree. */
const PRIOR_VOTES = LEAF_VOTES / 2;

/** Grows trees, fully where there is room for it. */
export function fitExtraTrees({ trees }: ExtraTreesSpec, runs: LabelledRuns, random: Random): LearnedExtraTrees {
  const { classes } = runs;
  const grown = growTrees(runs, { trees, nodes: Math.floor(MOST_NODES / trees) }, random);
  const most = trees * LEAF_VOTES;
  const scores = Float32Array.from({ length: most + 1 }, (_, votes) =>
    Math.log((votes + PRIOR_VOTES) / (most + classes * PRIOR_VOTES)),
  );
  return { kind: 'extra-trees', classes, trees: grown, scores };
}

/** Scores are logarithms of the shares of votes; features are the points, borrowed: their principal components tell strange runs apart less well. */
export function scoreExtraTrees({ classes, trees, scores }: LearnedExtraTrees, runs: Runs): Scored {
  const width = runs.rows * runs.length;
  const scored = new Float32Array(runs.runs * classes);
  const votes = new Int32Array(classes);
  for (let run = 0; run < runs.runs; run++) {
    const points = runs.values.subarray(run * width, (run + 1) * width);
    votes.fill(0);
    for (let tree = 0; tree + 1 < trees.roots.length; tree++) {
      const leaf = leafOf(trees, trees.roots[tree], points);
      for (let k = 0; k < classes; k++) votes[k] += trees.votes[leaf * classes + k];
    }
    for (let k = 0; k < classes; k++) scored[run * classes + k] = scores[votes[k]];
  }
  return { scores: scored, features: runs.values, featureWidth: width };
}

/** Votes are whole numbers, added exactly in any order, and looked up in the table of scores: to the last bit as above. */
export function addExtraTrees(graph: GraphBuilder, learned: LearnedExtraTrees, input: string): ScoredNames {
  const points = graph.add('Flatten', [input], { attributes: { axis: 1n } });
  const votes = graph.add('TreeEnsembleRegressor', [points], {
    domain: 'ai.onnx.ml',
    attributes: { n_targets: BigInt(learned.classes), ...nodesOf(learned.trees), ...leavesOf(learned) },
  });
  const whole = graph.add('Cast', [votes], { attributes: { to: BigInt(TensorType.int64) } });
  const table = graph.constant(learned.scores, [learned.scores.length]);
  return { scores: graph.add('Gather', [table, whole]), features: () => points };
}

function leafOf({ points, thresholds, children }: Trees, root: number, run: Float32Array): number {
  let node = root;
  while (points[node] >= 0) node = children[node] + Number(run[points[node]] > thresholds[node]);
  return children[node];
}

function nodesOf({ roots, points, thresholds, children }: Trees) {
  const treeOf = treesOfNodes(roots);
  const isLeaf = (node: number) => points[node] < 0;
  const nodes = Array.from(points, (_, node) => node);
  const own = (node: number) => node - roots[treeOf[node]];
  const child = (node: number, which: number) => (isLeaf(node) ? 0 : children[node] + which - roots[treeOf[node]]);
  return {
    nodes_treeids: bigints(nodes, (node) => treeOf[node]),
    nodes_nodeids: bigints(nodes, own),
    nodes_featureids: bigints(nodes, (node) => Math.max(0, points[node])),
    nodes_modes: nodes.map((node) => (isLeaf(node) ? 'LEAF' : 'BRANCH_LEQ')),
    nodes_values: { floats: thresholds },
    nodes_truenodeids: bigints(nodes, (node) => child(node, 0)),
    nodes_falsenodeids: bigints(nodes, (node) => child(node, 1)),
  };
}

// Classes without a vote are left out.
function leavesOf({ classes, trees: { roots, points, children, votes } }: LearnedExtraTrees) {
  const treeOf = treesOfNodes(roots);
  const cast = Array.from(points, (point, node) => ({ point, node })).flatMap(({ point, node }) =>
    point >= 0
      ? []
      : Array.from({ length: classes }, (_, k) => ({ node, k, votes: votes[children[node] * classes + k] })).filter(
          (vote) => vote.votes > 0,
        ),
  );
  return {
    target_treeids: bigints(cast, ({ node }) => treeOf[node]),
    target_nodeids: bigints(cast, ({ node }) => node - roots[treeOf[node]]),
    target_ids: bigints(cast, ({ k }) => k),
    target_weights: { floats: cast.map((vote) => vote.votes) },
  };
}

function treesOfNodes(roots: Int32Array): Int32Array {
  const trees = new Int32Array(roots[roots.length - 1]);
  for (let tree = 0; tree + 1 < roots.length; tree++) trees.fill(tree, roots[tree], roots[tree + 1]);
  return trees;
}

function bigints<T>(items: readonly T[], number: (item: T) => number): bigint[] {
  return items.map((item) => BigInt(number(item)));
}
