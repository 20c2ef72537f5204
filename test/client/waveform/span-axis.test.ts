import { expect, it } from 'vitest';
import { fittingAxis, frequencyAxis, timeAxis } from '../../../client/waveform/span-axis.ts';

it.each([
  [0, 5, 's', [0, 1, 2, 3, 4, 5], 0],
  [-0.05, 0.05, 'ms', [-0.04, -0.02, 0, 0.02, 0.04], 0],
  [-4e-6, 4e-6, 'µs', [-4e-6, -2e-6, 0, 2e-6, 4e-6], 0],
  [0.1234561, 0.1234567, 'µs', [0.1234562, 0.1234564, 0.1234566], 1],
])('counts from %d s to %d s in %s', (low, high, unit, ticks, digits) => {
  const axis = timeAxis({ low, high }, 5);

  expect([axis.unit, axis.digits]).toEqual([unit, digits]);
  expect(axis.ticks.map((tick) => Number(tick.toFixed(9)))).toEqual(ticks);
});

it('counts frequencies in the unit that suits them', () => {
  expect([5e6, 5e4, 50].map((high) => frequencyAxis({ low: 0, high }, 5).unit)).toEqual(['MHz', 'kHz', 'Hz']);
});

it.each([100, 300, 1000])('leaves room between the labels of an axis of %i pixels', (widthPx) => {
  const axis = fittingAxis((most) => timeAxis({ low: 0, high: 1 }, most), { widthPx, widthOf: () => 40 });

  expect(axis.ticks.length * 40).toBeLessThanOrEqual(widthPx);
  expect(axis.ticks.length).toBeGreaterThan(1);
});
