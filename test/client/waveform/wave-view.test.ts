import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clampView, panView, zoomView } from '../../../client/waveform/wave-view.ts';

const WHOLE = { from: 1_000, to: 11_000 };

it('keeps the sample under the pointer where it is while zooming', () => {
  const view = zoomView({ from: 3000, to: 5000 }, WHOLE, 0.5, 3500);

  expect(view).toEqual({ from: 3250, to: 4250 });
});

it('never leaves the recording and never shows less than a few samples', () => {
  const number = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(number, number, fc.double({ min: 0.0001, max: 1000, noNaN: true }), (from, by, times) => {
      for (const view of [
        clampView({ from, to: from + 500 }, WHOLE),
        panView({ from: 3000, to: 5000 }, WHOLE, by),
        zoomView({ from: 3000, to: 5000 }, WHOLE, times, 3000 + (Math.abs(by) % 2000)),
      ]) {
        expect(view.from).toBeGreaterThanOrEqual(WHOLE.from);
        expect(view.to).toBeLessThanOrEqual(WHOLE.to + 1e-6);
        expect(view.to - view.from).toBeGreaterThanOrEqual(7.999);
      }
    }),
  );
});
