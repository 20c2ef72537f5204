import { softmaxRows } from '../../models/training/calibration.ts';
import { Random } from '../../server/ingest/simulator/random.ts';

export const SCORED_CLASSES = 3;

/** Scores of normal chance times `scale`; labels drawn with odds of score / scale + the class's offset. */
export function drawScores(runs: number, scale: number, seed: string, offsets: readonly number[] = [0, 1, -1]) {
  const random = new Random(seed);
  const scores = Float32Array.from({ length: runs * SCORED_CLASSES }, () => random.normal() * scale);
  const slope = 1 / scale;
  const odds = softmaxRows(
    scores.map((score, at) => slope * score + offsets[at % SCORED_CLASSES]!),
    SCORED_CLASSES,
  );
  const labels = Int32Array.from({ length: runs }, (_, run) => {
    const u = random.uniform();
    const [a, b] = odds.subarray(run * SCORED_CLASSES);
    return u < a! ? 0 : u < a! + b! ? 1 : 2;
  });
  return { scores, labels };
}
