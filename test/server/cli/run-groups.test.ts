import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupedRun, RunGroups } from '../../../server/cli/run-groups.ts';

const LENGTH = 972;
const POINT_NS = 5_000_000n;
const MINUTE_NS = 60_000_000_000n;
const EPOCH_NS = 1_700_000_040_000_000_000n; // a whole minute

interface Kept {
  readonly run: GroupedRun;
  readonly group: string | undefined;
}

describe('groups of runs', () => {
  it('share no point, whatever is cut and however the clock is set, and leave nothing out for less', () => {
    fc.assert(
      fc.property(streamsOfRuns(), fc.integer({ min: 1, max: 3 }), (runs, minutes) => {
        const kept = share(runs, minutes);

        for (const [i, one] of kept.entries()) {
          const others = kept.slice(0, i).filter(({ run, group }) => group !== undefined && isShared(run, one.run));
          if (one.group !== undefined) for (const { group } of others) expect(group).toBe(one.group);
          else expect(others.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('are blocks of a stream on whole multiples of their minutes, each of the runs that begin in it', () => {
    const runs = sliding({ hop: 1000, points: 5 * 60 * 200, offsetNs: -30_000_000_000n });

    const kept = share(runs, 2);

    expect(new Set(kept.map(({ group }) => group))).toEqual(
      new Set(['12', '14', '16', '18'].map((minute) => `PMT-1/run-1/2023-11-14T22:${minute}Z`)),
    );
    for (const { run, group } of kept) {
      const [, block] = /\/([^/]*)Z$/.exec(group!)!;
      const beganNs = BigInt(Date.parse(`${block}:00Z`)) * 1_000_000n;
      expect(run.timeNs >= beganNs && run.timeNs < beganNs + 2n * MINUTE_NS).toBe(true);
    }
  });

  it('leave out the runs that overlap the block before, and say how many', () => {
    const groups = new RunGroups(1, LENGTH);

    const found = sliding({ hop: 100, points: 3 * 60 * 200, offsetNs: 0n }).map((run) => groups.groupOf(run));

    // The last run of a minute begins a hop before its end: nine more begin before that one ends.
    expect(found.flatMap((group, run) => (group === undefined ? [run] : []))).toEqual(
      [120, 240].flatMap((first) => Array.from({ length: 9 }, (_, i) => first + i)),
    );
    expect(String(groups)).toBe('3 groups; 18 runs that share points with the group before are left out');
  });

  it('say in the singular that one is left out', () => {
    const groups = new RunGroups(1, LENGTH);

    for (const first of [11_900, 12_000]) groups.groupOf(runAt({ first }));

    expect(String(groups)).toBe('1 group; 1 run that shares points with the group before is left out');
  });

  it('leave out no run that shares no point, though it reaches into the next block', () => {
    const firsts = [11_900, 11_900 + LENGTH];
    const groups = new RunGroups(1, LENGTH);

    const found = firsts.map((first) => groups.groupOf(runAt({ first })));

    expect(found).toEqual(['PMT-1/run-1/2023-11-14T22:14Z', 'PMT-1/run-1/2023-11-14T22:15Z']);
    expect(String(groups)).toBe('2 groups');
  });

  it('are whole streams with 0 minutes', () => {
    const groups = new RunGroups(0, LENGTH);

    const found = [...sliding({ hop: 100, points: 30_000, offsetNs: 0n }), runAt({ first: 0, stream: 'run-2' })].map(
      (run) => groups.groupOf(run),
    );

    expect(new Set(found)).toEqual(new Set(['PMT-1/run-1', 'PMT-1/run-2']));
    expect(String(groups)).toBe('2 groups');
  });

  it('go by blocks before 1970 too', () => {
    const group = new RunGroups(10, LENGTH).groupOf({ ...runAt({ first: 0 }), timeNs: -1n });

    expect(group).toBe('PMT-1/run-1/1969-12-31T23:50Z');
  });
});

function share(runs: readonly GroupedRun[], minutes: number): Kept[] {
  const groups = new RunGroups(minutes, LENGTH);
  return runs.map((run) => ({ run, group: groups.groupOf(run) }));
}

function isShared(a: GroupedRun, b: GroupedRun): boolean {
  return a.stream === b.stream && Math.abs(a.first - b.first) < LENGTH;
}

function runAt({ first, stream = 'run-1', offsetNs = 0n }: { first: number; stream?: string; offsetNs?: bigint }) {
  return { channel: 'PMT-1', stream, first, timeNs: EPOCH_NS + BigInt(first) * POINT_NS + offsetNs };
}

function sliding({ hop, points, offsetNs }: { hop: number; points: number; offsetNs: bigint }): GroupedRun[] {
  return Array.from({ length: Math.floor(points / hop) }, (_, i) => runAt({ first: i * hop, offsetNs }));
}

/** Streams of a channel one after the other: runs at any distances, with a clock that is put right now and then, either way. */
function streamsOfRuns(): fc.Arbitrary<GroupedRun[]> {
  const step = fc.record({
    points: fc.oneof(fc.constantFrom(100, 500, LENGTH), fc.integer({ min: 1, max: 20_000 })),
    correctionMs: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.integer({ min: -90_000, max: 90_000 })),
  });
  const stream = fc.array(step, { maxLength: 60, size: 'max' });
  return fc.array(stream, { minLength: 1, maxLength: 3 }).map((streams) =>
    streams.flatMap((steps, place) => {
      let first = 0;
      let offsetNs = 0n;
      return steps.map(({ points, correctionMs }) => {
        first += points;
        offsetNs += BigInt(correctionMs) * 1_000_000n;
        return runAt({ first, stream: `run-${place}`, offsetNs });
      });
    }),
  );
}
