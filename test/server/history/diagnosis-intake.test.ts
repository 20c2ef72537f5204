import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DIAGNOSES_WAITING, DiagnosisIntake, type KnownDiagnoses } from '../../../server/history/diagnosis-intake.ts';
import { DiagnosisOutbox } from '../../../server/history/diagnosis-outbox.ts';
import type { Diagnosis } from '../../../server/trend/diagnosis.ts';
import { answered, diagnosis } from '../../support/diagnoses.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const HOLD_MS = 60_000;
const NONE: KnownDiagnoses = { isStored: false, newest: undefined };

describe('diagnoses that wait', () => {
  it('are handed out once a second, or when all are wanted', async () => {
    const { intake, clock } = make();
    const take = async (first: number) => {
      intake.take([run(first)]);
      await settled(intake);
    };

    await take(1);
    const atOnce = intake.takeBatch('when due').length;
    intake.setStored();
    await take(2);
    const early = intake.takeBatch('when due').length;
    clock.advance(1000);
    const inTime = intake.takeBatch('when due').length;
    intake.setStored();
    await take(3);
    const all = intake.takeBatch('all').length;

    expect([atOnce, early, inTime, all]).toEqual([1, 0, 1, 1]);
    expect(intake.status()).toMatchObject({ stored: 2, waiting: 1 });
  });

  it('are no more than so many: the oldest are given up, also while nobody can tell whether they are new', async () => {
    const { intake } = make();
    intake.take(Array.from({ length: DIAGNOSES_WAITING }, (_, first) => run(first)));
    await settled(intake);
    intake.take(Array.from({ length: 10 }, (_, at) => run(DIAGNOSES_WAITING + at)));
    await settled(intake);

    const stuck = make({ find: () => new Promise(() => undefined) });
    stuck.intake.take(Array.from({ length: DIAGNOSES_WAITING + 5 }, (_, first) => run(first)));

    expect(intake.status()).toMatchObject({ waiting: DIAGNOSES_WAITING, givenUp: 10 });
    expect(intake.unstored()[0]!.first).toBe(10);
    expect(stuck.intake.status()).toMatchObject({ waiting: DIAGNOSES_WAITING, givenUp: 5 });
  });

  it('are given up when they could not be written for too long, and never for their age alone', async () => {
    const { intake, clock } = make();
    intake.take([run(1)]);
    await settled(intake);
    clock.advance(HOLD_MS + 1);
    intake.take([run(2)]);
    await settled(intake);
    const before = intake.status();

    intake.giveUpOldest(); // a commit has failed

    expect(before).toMatchObject({ waiting: 2, givenUp: 0 });
    expect(intake.status()).toMatchObject({ waiting: 1, givenUp: 1 });
  });

  it('ask the files about the first of a stream and about late ones only, and again where that failed', async () => {
    const asked: number[] = [];
    let fails = 1;
    const { intake } = make({
      find: async ({ first }) => {
        asked.push(first);
        if (fails-- > 0) throw new Error('the disk fails');
        return { isStored: first === 5 || first === 7, newest: 7 };
      },
    });

    intake.take([run(6), run(7), run(8), run(5), run(9)]);

    await expect.poll(() => intake.unstored().map(({ first }) => first)).toEqual([6, 8, 9]);
    expect(asked).toEqual([6, 6, 7, 5]);
  });

  it('are given up where the table would not take them, which windows would wait for', async () => {
    const { intake } = make();
    const one = run(1);

    intake.take([
      { ...one, first: 0.5 },
      { ...one, points: -1 },
      { ...one, endNs: one.timeNs },
    ]);
    intake.take([{ ...one, outcome: answered('class', 70_000, 0.5) }, { ...one, first: Number.NaN }, one]);
    await settled(intake);

    expect(intake.status()).toMatchObject({ waiting: 1, givenUp: 5 });
  });

  it('tell where the stretch begins that is new: after the run before, if that reaches into theirs', async () => {
    const { intake } = make();
    const second = 1_000_000_000n;
    const at = (first: number, from: bigint, to: bigint) =>
      diagnosis({ first, timeNs: from * second, endNs: to * second });

    intake.take([at(1, 0n, 10n), at(2, 5n, 15n), at(3, 20n, 30n), at(4, 3n, 13n), at(5, 8n, 18n)]);
    await settled(intake);

    expect(intake.unstored().map(({ sinceNs }) => sinceNs / second)).toEqual([0n, 10n, 20n, 3n, 13n]);
  });
});

describe('the way to the thread', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('has one parcel under way, and drops the oldest where too many wait', () => {
    const parcels: (readonly Diagnosis[])[] = [];
    const outbox = new DiagnosisOutbox((parcel) => parcels.push(parcel));

    outbox.add(run(0));
    outbox.add(run(1));
    vi.advanceTimersByTime(100);
    for (let first = 2; first < DIAGNOSES_WAITING + 4; first++) outbox.add(run(first));
    vi.advanceTimersByTime(1000);
    const held = outbox.status();
    outbox.taken();
    vi.advanceTimersByTime(100);
    outbox.taken();
    vi.advanceTimersByTime(1000);
    outbox.add(run(1));
    outbox.flush(); // the server ends

    expect(held).toEqual({ waiting: DIAGNOSES_WAITING, givenUp: 2 });
    expect(parcels.map(({ length }) => length)).toEqual([2, DIAGNOSES_WAITING, 1]);
    expect(parcels[1]![0]!.first).toBe(4);
  });
});

function make({ find = async () => NONE }: { find?: (one: Diagnosis) => Promise<KnownDiagnoses> } = {}) {
  const clock = new FakeClock();
  return { clock, intake: new DiagnosisIntake({ clock, holdMs: HOLD_MS, find }) };
}

function run(first: number): Diagnosis {
  return diagnosis({ first, timeNs: BigInt(first) * 500_000_000n });
}

/** Resolves when it is known of all that came whether they are new. */
async function settled(intake: DiagnosisIntake): Promise<void> {
  for (let before = -1; before !== intake.unstored().length; ) {
    before = intake.unstored().length;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
