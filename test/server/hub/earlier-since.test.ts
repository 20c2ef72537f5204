import { describe, expect, it } from 'vitest';
import { EarlierSince } from '../../../server/hub/earlier-since.ts';
import type { DiagnosisHistory, DiagnosisRequest, DiagnosisSpan } from '../../../server/trend/diagnosis-history.ts';
import type { Diagnoses } from '../../../server/wire/diagnoses.ts';
import { createAudience } from '../../support/audience.ts';
import { answered, diagnosis } from '../../support/diagnoses.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeViewer } from '../../support/fake-viewer.ts';
import { channelInfo } from '../../support/hub-server.ts';
import { classOutcome, diagnosisModel, runDiagnosis } from '../../support/run-diagnoses.ts';

const SECOND_NS = 1_000_000_000n;
const DAY_NS = 86_400n * SECOND_NS;
const NOW_NS = 40n * DAY_NS;
const RUN = diagnosis({ first: 0, timeNs: NOW_NS });

describe('since when a channel has come to the same before a start', () => {
  it('is where the newest span of the history begins, whether the run is in it by now or not', async () => {
    expect(await askOf([span(-600n, -300n, 2), span(-300n, -1n)])).toBe(NOW_NS - 300n * SECOND_NS);
    expect(await askOf([span(-300n, 10n)])).toBe(NOW_NS - 300n * SECOND_NS);
  });

  it('is looked for further back where the span goes beyond what was asked for', async () => {
    expect(await askOf([span(-20n * 86_400n, 0n)])).toBe(NOW_NS - 20n * DAY_NS);
    expect(await askOf([span(-2n * 3600n, 0n)])).toBe(NOW_NS - 7200n * SECOND_NS);
  });

  it.each([
    ['another class', [span(-300n, 2n, 0), span(2n, 3n, 1)]],
    ['another version', [{ ...span(-300n, 0n), version: '2' }]],
    ['a stretch that was over a second ago', [span(-300n, -2n)]],
    ['the run alone', [span(0n, 5n)]],
    ['nothing', []],
  ])('is not told after %s', async (_, spans) => {
    expect(await askOf(spans)).toBeUndefined();
  });

  it('is asked once a channel, one after the other, and what fails is told', async () => {
    const asked: string[] = [];
    const errors: unknown[] = [];
    let open = 0;
    const earlier = new EarlierSince({
      read: async ({ channel }) => {
        asked.push(channel);
        expect(++open).toBe(1);
        await Promise.resolve();
        open--;
        throw new Error(channel);
      },
      tell: () => expect.unreachable(),
      onError: (error) => errors.push((error as Error).message),
    });
    for (const channel of ['a', 'b', 'a']) earlier.take({ ...RUN, channel });

    await expect.poll(() => errors).toEqual(['a', 'b']);
    expect(asked).toEqual(['a', 'b']);
  });
});

describe('what is told since when', () => {
  it('is what the history knows of before the first run, while nothing else was come to', () => {
    const audience = createAudience(new FakeClock(), 10);
    audience.diagnoses.setModel(diagnosisModel());
    for (const name of ['PMT-1', 'PMT-2']) audience.setChannel(channelInfo(name, { rateHz: 200, window: 1 }));
    const first = runDiagnosis('PMT-1', 0);
    for (const run of [first, runDiagnosis('PMT-1', 1), runDiagnosis('PMT-2', 0)]) audience.diagnoses.take(run);
    audience.diagnoses.take(runDiagnosis('PMT-2', 1, classOutcome(1)));
    const viewer = new FakeViewer(audience);
    viewer.subscribe([{ name: '*' }]);
    const told = () => {
      audience.tick();
      const events = viewer.events.filter(({ type }) => type === 'diagnoses') as unknown as Diagnoses[];
      return events.map(({ diagnoses }) => diagnoses.map(({ channel, sinceNs }) => [channel, sinceNs])).at(-1);
    };
    told();

    audience.diagnoses.setSince(first, -60n * SECOND_NS);
    audience.diagnoses.setSince({ ...first, channel: 'PMT-2' }, -60n * SECOND_NS);

    expect(told()).toEqual([['PMT-1', '-60000000000']]);
    audience.diagnoses.take(runDiagnosis('PMT-1', 2));
    expect(told()).toEqual([['PMT-1', '-60000000000']]);
  });
});

/** Seconds from the begin of the run. */
function span(fromS: bigint, toS: bigint, classIndex = 0): DiagnosisSpan {
  const { label } = answered('class', classIndex, 0.9) as Extract<ReturnType<typeof answered>, { kind: 'class' }>;
  const times = { fromNs: NOW_NS + fromS * SECOND_NS, toNs: NOW_NS + toS * SECOND_NS };
  const kind = { model: 'plasma', version: '1', outcome: 'class', label, classIndex } as const;
  return { ...times, ...kind, count: 10, lowest: 0.9, highest: 0.9, unknownScore: undefined };
}

/** Of a history that cuts its spans at what is asked for. */
async function askOf(spans: readonly DiagnosisSpan[]): Promise<bigint | undefined> {
  let told: bigint | undefined;
  let reads = 0;
  const read = async ({ fromNs, toNs }: DiagnosisRequest): Promise<DiagnosisHistory> => {
    reads++;
    const within = spans.filter((one) => one.toNs > fromNs && one.fromNs < toNs);
    return {
      form: 'spans',
      spans: within.map((one) => ({ ...one, fromNs: one.fromNs > fromNs ? one.fromNs : fromNs })),
    };
  };
  const earlier = new EarlierSince({
    read,
    tell: (_, sinceNs) => {
      told = sinceNs;
    },
    onError: (error) => expect.unreachable(String(error)),
  });
  earlier.take(RUN);
  await expect.poll(() => reads).toBeGreaterThan(0);
  await new Promise(setImmediate); // nothing but the history is waited for, and that has answered
  return told;
}
