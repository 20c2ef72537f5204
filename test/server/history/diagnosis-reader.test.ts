import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact } from '../../../server/history/compact.ts';
import { DiagnosisReader } from '../../../server/history/diagnosis-reader.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { RowList } from '../../../server/history/row-block.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Segment, segmentName } from '../../../server/history/segment.ts';
import type { DiagnosisHistory, StoredDiagnosis } from '../../../server/trend/diagnosis-history.ts';
import { TIERS } from '../../../server/trend/tier.ts';
import { type DiagnosedPast, diagnosedRange, makeDiagnoses } from '../../support/diagnoses.ts';
import { Folder } from '../../support/folder.ts';
import { runs } from '../../support/runs.ts';
import { StoredHistory } from '../../support/stored-history.ts';

const START = BigInt(Date.UTC(2026, 2, 1, 23, 50)) * 1_000_000n;
const LATER = Date.UTC(2026, 4, 1);
const CHECKS = { verify: async () => true, trust: () => undefined, forget: () => undefined };
const folder = new Folder();

const past = fc.record({
  seed: fc.nat(),
  runs: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 800, max: 2500 })),
  change: fc.constantFrom(0, 0.002, 0.02, 0.6),
  odd: fc.constantFrom(0, 0.003, 0.05),
});
const place = fc.record({
  cuts: fc.array(fc.nat(100), { minLength: 3, maxLength: 3 }),
  tidied: fc.nat(5),
  isMixed: fc.boolean(),
});
const range = fc.record({
  from: fc.integer({ min: -100, max: 1100 }),
  length: fc.nat(1000),
  columns: fc.constantFrom(1, 2, 7, 40, 300, 2000),
});

describe('a range of diagnoses', () => {
  it('is what looking at each of them gives, wherever they are kept', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(past, place, fc.array(range, { minLength: 6, maxLength: 12 }), async (shape, where, ranges) => {
        const all = makeDiagnoses(shape, START);
        await withDiagnoses(all, { ...where, path: folder.path(String(run++)) }, async (reader) => {
          for (const one of ranges) await expectRange(reader, all, one);
          await expectOne(reader, all, shape);
          await expectMix(reader, all);
        });
      }),
      { numRuns: runs(16, 2000) },
    );
  }, 600_000);
});

async function expectRange(
  reader: DiagnosisReader,
  all: readonly StoredDiagnosis[],
  { from, length, columns }: { readonly from: number; readonly length: number; readonly columns: number },
): Promise<void> {
  const lengthNs = Number(all.at(-1)!.endNs - START);
  const fromNs = START + BigInt(Math.round((from / 1000) * lengthNs));
  const toNs = fromNs + 1n + BigInt(Math.round((length / 1000) ** 2 * lengthNs));
  const request = { channel: 'lamp', fromNs, toNs, columns };

  const answer = await reader.range(request);

  const expected = diagnosedRange(all, request, answer.form === 'buckets' ? answer.stepNs : undefined);
  expect(sorted(answer)).toEqual(sorted(expected));
  if (answer.form === 'buckets' && columns > 1) expect(answer.buckets.length).toBeLessThanOrEqual(columns);
}

async function expectOne(reader: DiagnosisReader, all: readonly StoredDiagnosis[], { seed }: DiagnosedPast) {
  const wanted = all[Math.abs(seed) % all.length]!;
  const atNs = wanted.endNs - 1n;

  const found = await reader.at('lamp', atNs);

  const holding = all.filter(({ sinceNs, endNs }) => sinceNs <= atNs && endNs > atNs);
  const any = holding.length > 0 ? holding : all.filter(({ timeNs, endNs }) => timeNs <= atNs && endNs > atNs);
  expect(found?.endNs).toBe(any.map(({ endNs }) => endNs).reduce((a, b) => (a < b ? a : b)));
  expect(all).toContainEqual(found);
  expect(await reader.at('other', atNs)).toBeUndefined();
}

async function expectMix(reader: DiagnosisReader, all: readonly StoredDiagnosis[]) {
  const range = { fromNs: START - 1_000_000_000n, toNs: START + 10n ** 16n, model: 'plasma' };

  const mix = await reader.mix(range);

  const counts = new Map<string, number>();
  for (const { outcome, version } of all) {
    const key = `${version} ${outcome.kind} ${'label' in outcome ? outcome.label : undefined}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(
    Object.fromEntries(mix.map(({ version, outcome, label, count }) => [`${version} ${outcome} ${label}`, count])),
  ).toEqual(Object.fromEntries(counts));
  expect(await reader.mix({ ...range, model: 'other' })).toEqual([]);
}

function sorted(answer: DiagnosisHistory): DiagnosisHistory {
  if (answer.form === 'spans') return answer;
  const key = (kind: object) => JSON.stringify(kind);
  return {
    ...answer,
    buckets: answer.buckets.map((bucket) => ({
      ...bucket,
      kinds: [...bucket.kinds].sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    })),
  };
}

interface Place {
  /** Per cent of the diagnoses at which a segment, the next one and memory begin. */
  readonly cuts: readonly number[];
  /** Segments that are sealed; more than two: and merged. */
  readonly tidied: number;
  /** Whether those of the first two segments are in either. */
  readonly isMixed: boolean;
  readonly path: string;
}

/** Opens a reader on files and a memory that hold `all`. */
async function withDiagnoses(
  all: readonly StoredDiagnosis[],
  { cuts, tidied, isMixed, path }: Place,
  use: (reader: DiagnosisReader) => Promise<void>,
): Promise<void> {
  const stored = await StoredHistory.open(path);
  const { database, catalogue } = stored;
  const at = [...cuts].sort((a, b) => a - b).map((share) => Math.floor((share / 100) * all.length));
  const uses = new FileUses();
  try {
    const first = all.slice(0, at[1]).filter(({ first }, i) => (isMixed ? first % 3 === 0 : i < at[0]!));
    const second = all.slice(0, at[1]).filter((one) => !first.includes(one));
    const parts = [first, second, all.slice(at[1], at[2])];
    for (const [i, diagnoses] of parts.entries()) {
      await catalogue.addSegment({ id: i + 1, openedMs: LATER });
      const segment = await Segment.open(database, path, i + 1);
      const tiers = Array.from({ length: TIERS }, () => new RowList());
      await segment.write({ streams: [], tiers, diagnoses, isLast: true });
    }
    for (let segment = 1; segment <= Math.min(tidied, 2); segment++) {
      await sealSegment(database, catalogue, { folder: path, segment });
      await database.detach(segmentName(segment));
    }
    if (tidied > 2) await compact(database, catalogue, { folder: path, beforeMs: LATER, uses, checks: CHECKS });
    const unstored = all.slice(Math.max(at[1]!, at[2]! - 3)); // some of them were stored just now
    const reader = {
      use: <T>(_what: string, task: (connection: never) => Promise<T>) =>
        database.use((connection) => task(connection as never)),
    };
    await use(
      new DiagnosisReader({
        ...{ folder: path, uses, checks: CHECKS, catalogue },
        reader: reader as never,
        unstored: (channel) => unstored.filter((one) => channel === undefined || one.channel === channel),
      }),
    );
  } finally {
    await stored.close();
  }
}
