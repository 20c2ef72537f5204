import { expect, it } from 'vitest';
import { RunSamples, type SampledRun } from '../../../client/store/run-samples.ts';
import type { CaptureReply, CaptureRequest } from '../../../server/wire/captures.ts';

// Samples at 1 kHz, a point every 5 ms; the ring holds 30 s.
const NOW_MS = 100_000;
const RUN: SampledRun = { channel: 'etch.1', timeMs: 90_000, endMs: 94_860, windows: 972 };
const WISH = { nowMs: NOW_MS, comment: 'Micro-arcing' };

it('has a run recorded, and not a second time', async () => {
  const { samples, asked } = start();

  await Promise.all([samples.keep(RUN, WISH), samples.keep({ ...RUN }, WISH)]);

  expect(asked).toEqual([{ channel: 'etch.1', fromMs: 90_000, toMs: 94_860, comment: 'Micro-arcing' }]);
  expect(samples.value).toEqual({ kind: 'kept', id: 'capture-0', isNew: false });
});

it('tells of a recording that is there already, also of one that only may hold it all', async () => {
  const whole = start([recording(90_004, 94_857)]);
  await whole.samples.keep(RUN, WISH);
  expect(whole.samples.value).toMatchObject({ kind: 'kept', isNew: false });
  expect(whole.asked).toEqual([]);

  const half = start([recording(92_000, 99_000), recording(80_000, 99_000, 'failed')]);
  await half.samples.keep(RUN, WISH);
  expect(half.samples.value).toMatchObject({ kind: 'kept', isNew: true });
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
  const refused = start([], 'the budget of 10 GB is used up');
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

function start(captures: CaptureReply[] = [], note?: string) {
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
  };
  return { samples: new RunSamples(sources), asked, sources };
}

/** At 1 kHz; its trigger is sample 1000, at 91 s. */
function recording(fromMs: number, toMs: number, state = 'ready'): CaptureReply {
  const sampleOf = (ms: number) => ms - 91_000 + 1000;
  const fields = { from: sampleOf(fromMs), to: sampleOf(toMs), triggerSample: 1000, triggerMs: 91_000, rateHz: 1000 };
  return { id: 'there', state, channel: 'etch.1', ...fields } as CaptureReply;
}
