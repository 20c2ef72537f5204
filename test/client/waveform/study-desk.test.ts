import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SelectionFigures } from '../../../client/waveform/selection-study.ts';
import { StudyDesk } from '../../../client/waveform/study-desk.ts';

const REST_MS = 200;
const FIGURES: SelectionFigures = {
  samples: 5,
  min: 0,
  max: 1,
  mean: 0.5,
  deviation: 0.1,
  clipped: 0,
  nonfinite: 0,
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the study of a selection', () => {
  it('is of the newest one only, also where what an earlier one needs was all here', async () => {
    const answers: ((figures: SelectionFigures) => void)[] = [];
    const desk = new StudyDesk({
      valueAt: async () => undefined,
      figures: () => new Promise((resolve) => answers.push(resolve)),
      spectrum: async () => undefined,
    });

    desk.want({ from: 0, to: 5 }, {});
    await vi.advanceTimersByTimeAsync(REST_MS);
    desk.want({ from: 0, to: 9 }, {});
    answers[0](FIGURES);
    await vi.advanceTimersByTimeAsync(REST_MS - 1);
    expect(desk.value).toMatchObject({ figures: undefined, isStale: true });
    await vi.advanceTimersByTimeAsync(1);
    answers[1]({ ...FIGURES, samples: 9 });
    await vi.advanceTimersByTimeAsync(0);

    expect(desk.value).toMatchObject({ figures: { samples: 9 }, isStale: false });
  });
});
