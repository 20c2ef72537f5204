import { expect, it } from 'vitest';
import { OpenedRun, type RunSources } from '../../../client/store/opened-run.ts';
import type { RunDiagnosisReply } from '../../../server/wire/diagnosis-history.ts';
import type { HistoryReply } from '../../../server/wire/history.ts';

const ROWS = {
  span: 1,
  rows: { time: [1000, 1005], min: [1, 2], max: [3, 4], mean: [2, 3] },
} as unknown as HistoryReply;

it('shows nothing of the run before it where a run does not come', async () => {
  const run = new OpenedRun(sources());
  await run.open('a', 1000);
  expect(run.value).toMatchObject({ diagnosis: { timeMs: 1000 }, points: { missing: 0 }, lack: 'examples' });

  await run.open('gone', 2000);

  expect(run.value).toMatchObject({ diagnosis: undefined, points: undefined, near: [], isLoading: false });
  expect(run.value.lack).toBeUndefined();
  expect(run.value.problem).toEqual(new Error('404'));
});

it('shows what a run came to where its points do not come', async () => {
  const run = new OpenedRun({ ...sources(), rows: () => Promise.reject(new Error('no line')) });

  await run.open('a', 1000);

  expect(run.value).toMatchObject({ diagnosis: { timeMs: 1000 }, points: undefined, isLoading: false });
  expect(run.value.problem).toEqual(new Error('no line'));
});

function sources(): RunSources {
  return {
    diagnosis: async (channel, timeMs) => {
      if (channel === 'gone') throw new Error('404');
      return { channel, timeMs, endMs: timeMs + 10, windows: 2, model: 'plasma' } as RunDiagnosisReply;
    },
    rows: async () => ROWS,
    manifest: async () => undefined,
    examples: async () => undefined,
  };
}
