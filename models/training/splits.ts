import { AppError } from '../../server/base/errors.ts';
import type { Random } from '../../server/ingest/simulator/random.ts';

/** What a split looks at. */
export interface Labelled {
  /** Of each run, the index into `classes`. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Of each run, what must stay on one side. */
  readonly groups?: Int32Array;
}

/** Which runs are fitted and which are judged, ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Cuts the runs into `count` folds, each of which holds every class in about
 * its share; with groups, whole groups. Each run is judged in one fold.
 * Throws `FILE_INVALID` where a class has fewer runs, or groups, than there
 * are folds.
 */
export function stratifiedFolds(data: Labelled, count: number, random: Random): Fold[] {
  refuseFew(data, count, EACH_PART);
  const foldOf =
    data.groups === undefined ? dealRuns(data, count, random) : dealGroups(data, data.groups, count, random);
  return Array.from({ length: count }, (_, fold) => ({
    train: indicesWhere(foldOf, (of) => of !== fold),
    test: indicesWhere(foldOf, (of) => of === fold),
  }));
}

/** Keeps about `share` of each class, one run at least, to be judged; with groups, whole groups. Throws as `stratifiedFolds`. */
export function stratifiedHoldOut(data: Labelled, share: number, random: Random): Fold {
  if (data.groups !== undefined) return stratifiedFolds(data, Math.max(2, Math.round(1 / share)), random)[0]!;
  refuseFew(data, 2, EACH_PART);
  const test = new Set(
    runsByClass(data).flatMap((runs) => shuffled(runs, random).slice(0, Math.max(1, Math.round(runs.length * share)))),
  );
  const isTest = data.labels.map((_, run) => Number(test.has(run)));
  return { train: indicesWhere(isTest, (is) => is === 0), test: indicesWhere(isTest, (is) => is === 1) };
}

/**
 * About `size` runs with every class in its share, but `least` of each where
 * there are so many; ascending. Of a group some runs may be taken and others
 * not, and folds of a sample are by group as all are; so that there can be
 * `least` folds, the first runs of each class are of as many groups.
 */
export function stratifiedSample(data: Labelled, size: number, least: number, random: Random): Int32Array {
  const share = Math.min(1, size / data.labels.length);
  const picked = runsByClass(data).flatMap((runs) => {
    const order = fromManyGroups(shuffled(runs, random), least, data.groups);
    return order.slice(0, Math.max(least, Math.floor(runs.length * share)));
  });
  return Int32Array.from(picked).sort();
}

/** The same runs, the first `least` of them of different groups where there are so many. */
function fromManyGroups(runs: readonly number[], least: number, groups: Int32Array | undefined): readonly number[] {
  if (groups === undefined) return runs;
  const firsts = new Map(runs.toReversed().map((run) => [groups[run]!, run]));
  const first = new Set(runs.filter((run) => firsts.get(groups[run]!) === run).slice(0, least));
  return [...first, ...runs.filter((run) => !first.has(run))];
}

/**
 * Throws `FILE_INVALID` where there are runs of a class, but fewer than `least`, or
 * with groups in fewer of them. `why` ends the message: what so many are for.
 */
export function refuseFew(data: Labelled, least: number, why: string): void {
  const { labels, classes, groups } = data;
  for (const [label, runs] of runsByClass({ labels, classes }).entries()) {
    const having = groups === undefined ? runs.length : new Set(runs.map((run) => groups[run])).size;
    if (having === 0 || having >= least) continue;
    const [found, wayOut] = groups === undefined ? [`has ${having} runs`, ''] : [`is in ${having} groups`, MORE_GROUPS];
    throw new AppError(
      'FILE_INVALID',
      `the class ${classes[label]} ${found}, expected ${least} at least${why}${wayOut}`,
    );
  }
}

const MORE_GROUPS =
  '; label runs of it in more groups, or export them in smaller ones (fenestra export runs --group-minutes)';
const EACH_PART = ', one for each part of the split';

/** How many runs there are of each class. */
export function countClasses(labels: Int32Array, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** What an error of a run weighs by its class, so that all classes weigh the same; 1 on average over the runs. */
export function balancedWeights(labels: Int32Array, classes: number): Float64Array {
  return Float64Array.from(countClasses(labels, classes), (count) =>
    count === 0 ? 0 : labels.length / (classes * count),
  );
}

// Class after class is dealt out like cards, on from the fold where the last class ended: folds differ by a run at most.
function dealRuns(data: Labelled, count: number, random: Random): Int32Array {
  const foldOf = new Int32Array(data.labels.length);
  const order = shuffled(
    Array.from({ length: count }, (_, fold) => fold),
    random,
  );
  let next = 0;
  for (const runs of runsByClass(data)) {
    for (const run of shuffled(runs, random)) foldOf[run] = order[next++ % count]!;
  }
  return foldOf;
}

// The groups with most runs of a class first, each into the fold where it leaves the classes spread most evenly.
function dealGroups({ labels, classes, groups: groupOf }: Labelled, groups: Int32Array, count: number, random: Random) {
  const totals = countClasses(labels, classes.length);
  const counts = new Map<number, Int32Array>();
  groups.forEach((group, run) => {
    if (!counts.has(group)) counts.set(group, new Int32Array(classes.length));
    counts.get(group)![labels[run]!]!++;
  });
  const spread = ([, of]: readonly [number, Int32Array]) =>
    Math.max(...of.map((n, label) => n / (totals[label]! || 1)));
  const sorted = shuffled([...counts], random).sort((a, b) => spread(b) - spread(a));
  const filled = Array.from({ length: count }, () => new Float64Array(classes.length));
  const foldOfGroup = new Map<number, number>();
  for (const [group, of] of sorted) {
    const costs = filled.map((fold) =>
      of.reduce(
        (sum, n, label) => sum + (totals[label] === 0 ? 0 : (n * (2 * fold[label]! + n)) / totals[label]! ** 2),
        0,
      ),
    );
    const best = costs.indexOf(Math.min(...costs));
    foldOfGroup.set(group, best);
    of.forEach((n, label) => {
      filled[best]![label]! += n;
    });
  }
  return groupOf!.map((group) => foldOfGroup.get(group)!);
}

function runsByClass({ labels, classes }: Labelled): number[][] {
  const runs: number[][] = classes.map(() => []);
  labels.forEach((label, run) => void runs[label]!.push(run));
  return runs;
}

/** The items in an order of chance (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.whole(0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function indicesWhere(of: Int32Array, is: (value: number) => boolean): Int32Array {
  const indices = new Int32Array(of.reduce((count, value) => count + Number(is(value)), 0));
  let next = 0;
  of.forEach((value, index) => {
    if (is(value)) indices[next++] = index;
  });
  return indices;
}
