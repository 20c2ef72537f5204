import type { RawRing, RawRun } from '../trend/raw-ring.ts';
import { timeFrom } from '../trend/sample-time.ts';

/** The run that holds the sample at `position`. */
export function runAt(ring: RawRing, position: number): RawRun {
  const { runs } = ring;
  let i = runs.length - 1;
  while (i > 0 && (runs[i] as RawRun).at > position) i--;
  return runs[i] as RawRun;
}

/** Index in the stream of the sample at `position`. */
export function indexAt(ring: RawRing, position: number): number {
  const run = runAt(ring, position);
  return run.index + position - run.at;
}

/** Position of the first sample that is there and is `index` or after it; the ring's end where none is. */
export function positionOf(ring: RawRing, index: number): number {
  const { runs, oldest, end } = ring;
  for (const [i, run] of runs.entries()) {
    const to = runs[i + 1]?.at ?? end;
    const position = Math.max(oldest, run.at, run.at + index - run.index);
    if (position < to) return position;
  }
  return end;
}

/** Time of sample `index`, ns since 1970 UTC, by the line of time of the run it is in or near. */
export function timeOfIndex(ring: RawRing, index: number): bigint {
  const run = ring.runs.findLast((it) => it.index <= index) ?? (ring.runs[0] as RawRun);
  return timeFrom(run.anchor, index, ring.info.rateHz);
}

/** Index of the sample nearest to `timeNs` by the same lines, since requests tell times in f64 ms: to a quarter of a µs. Negative before the stream. */
export function indexOfTime(ring: RawRing, timeNs: bigint): number {
  const beginOf = ({ anchor, index }: RawRun) => timeFrom(anchor, index, ring.info.rateHz);
  const run = ring.runs.findLast((it) => beginOf(it) <= timeNs) ?? (ring.runs[0] as RawRun);
  return run.index + Math.round((Number(timeNs - beginOf(run)) * ring.info.rateHz) / 1e9);
}
