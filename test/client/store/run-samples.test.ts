import { expect, it } from 'vitest';
import { RunSamples, type SampledRun } from '../../../client/store/run-samples.ts';
import type { CaptureReply, CaptureRequest } from '../../../server/wire/captures.ts';

// Samples at 1 kHz, a point every 5 ms; the ring holds 30 s.
const NOW_MS = 100_000;
const RUN: SampledRun = { channel: 'etch.1', timeMs: 90_000, endMs: 94_860, windows: 972 };
const WISH = { nowMs: NOW_MS, diagnosis: 'Micro-arcing' };
const WHOLE = { heldMs: 4860, isWhole: true, isEnd: true };

it('has a run recorded, and not a second time', async () => {
  const { samples, asked } = start();

  await Promise.all([samples.keep(RUN, WISH), samples.keep({ ...RUN }, WISH)]);

  expect(asked).toEqual([{ channel: 'etch.1', fromMs: 90_000, toMs: 94_860, diagnosis: 'Micro-arcing' }]);
  expect(samples.value).toEqual({ kind: 'kept', id: 'capture-0', isNew: false, ...WHOLE });
});

it('tells of a recording that is there already and holds most of the run', async () => {
  const whole = start([recording(90_004, 94_857)]);
  await whole.samples.keep(RUN, WISH);
  expect(whole.samples.value).toMatchObject({ kind: 'kept', isNew: false, isWhole: true });
  expect(whole.asked).toEqual([]);

  const beside = start([recording(85_000, 94_400)]);
  await beside.samples.keep(RUN, WISH);
  expect(beside.samples.value).toMatchObject({ isNew: false, heldMs: 4400, isWhole: false, isEnd: false });
  expect(beside.asked).toEqual([]);

  const half = start([recording(92_000, 99_000), recording(80_000, 99_000, 'failed')]);
  await half.samples.keep(RUN, WISH);
  expect(half.samples.value).toMatchObject({ kind: 'kept', isNew: true });
});

it('says how much of a run was recorded that does not fit into memory', async () => {
  const { samples, asked } = start([], { oldestMs: 92_560 });

  await samples.keep(RUN, WISH);
  expect(samples.value).toEqual({
    kind: 'kept',
    id: 'capture-0',
    isNew: true,
    heldMs: 2300,
    isWhole: false,
    isEnd: true,
  });

  // Of what is still to be had it holds all.
  await samples.keep({ ...RUN }, { ...WISH, nowMs: NOW_MS + 25_000 });
  expect(samples.value).toMatchObject({ isNew: false, heldMs: 2300, isEnd: true });
  await samples.look({ ...RUN }, NOW_MS + 60_000);
  expect(samples.value).toMatchObject({ isNew: false, heldMs: 2300 });
  expect(asked).toHaveLength(1);
});

it('says that a recording failed which had begun', async () => {
  const { samples } = start([], { failure: 'the disk is full' });

  await samples.keep(RUN, WISH);

  expect(samples.value).toEqual({ kind: 'refused', why: 'the disk is full' });
});

it('records nothing for who only looks', async () => {
  const { samples, asked } = start();

  await samples.look(RUN, NOW_MS);

  expect(samples.value).toEqual({ kind: 'loose' });
  expect(asked).toEqual([]);
});

it('asks for nothing that is in memory no more, and says so', async () => {
  const { samples, asked } = start();

  await samples.keep(RUN, { ...WISH, nowMs: RUN.endMs + 30_000 });

  expect(samples.value).toEqual({ kind: 'gone' });
  expect(asked).toEqual([]);
});

it('says why it was refused, or why nobody answered', async () => {
  const refused = start([], { note: 'the budget of 10 GB is used up' });
  await refused.samples.keep(RUN, WISH);
  expect(refused.samples.value).toEqual({ kind: 'refused', why: 'the budget of 10 GB is used up' });

  const failing = new RunSamples({ ...refused.sources, list: () => Promise.reject(new Error('no line')) });
  await failing.keep(RUN, WISH);
  expect(failing.value).toEqual({ kind: 'refused', why: 'no line' });
});

it('says nothing of a run that was left, also when its answer comes late', async () => {
  const { samples } = start([recording(90_000, 94_860)]);
  const keeping = samples.keep(RUN, WISH);

  samples.forget();
  expect(samples.value).toEqual({ kind: 'unknown' });
  await keeping;
  expect(samples.value).toEqual({ kind: 'unknown' });
});

interface Case {
  readonly note?: string;
  readonly failure?: string;
  /** What the ring has left when a recording begins. */
  readonly oldestMs?: number;
}

function start(captures: CaptureReply[] = [], { note, failure, oldestMs = 0 }: Case = {}) {
  const asked: CaptureRequest[] = [];
  const sources = {
    list: async () => ({ captures: [...captures], total: captures.length, bytes: 0, limitBytes: 1 }),
    ringSeconds: async () => 30,
    record: async (request: CaptureRequest) => {
      const made = recording(request.fromMs!, request.toMs!, note === undefined ? 'recording' : 'refused');
      const capture = { ...made, id: `capture-${asked.length}`, ...(note !== undefined && { note }) };
      asked.push(request);
      captures.push(capture);
      return capture;
    },
    settled: async (id: string) => {
      const at = captures.findIndex((one) => one.id === id);
      const { fromMs = 0, toMs = 0 } = asked[0]!;
      const { segments } = recording(Math.max(oldestMs, fromMs), toMs);
      const ready = { ...recording(fromMs, toMs, failure === undefined ? 'ready' : 'failed'), segments };
      captures[at] = { ...captures[at]!, ...ready, id, ...(failure !== undefined && { note: failure }) };
      return captures[at]!;
    },
  };
  return { samples: new RunSamples(sources), asked, sources };
}

/** At 1 kHz; its trigger is sample 1000, at 91 s. */
function recording(fromMs: number, toMs: number, state = 'ready'): CaptureReply {
  const sampleOf = (ms: number) => ms - 91_000 + 1000;
  const fields = { from: sampleOf(fromMs), to: sampleOf(toMs), triggerSample: 1000, triggerMs: 91_000, rateHz: 1000 };
  const segments = state === 'ready' ? [{ start: 0, index: fields.from, samples: toMs - fromMs, timeMs: fromMs }] : [];
  return { id: 'there', state, channel: 'etch.1', segments, ...fields } as unknown as CaptureReply;
}
