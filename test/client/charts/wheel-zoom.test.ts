import { describe, expect, it } from 'vitest';
import { wheelMove } from '../../../client/charts/wheel-zoom.ts';

const STILL = { deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false, ctrlKey: false };

describe('a wheel on a time axis', () => {
  it.each([
    ['a notch away', { deltaY: 100 }, { zoom: Math.exp(0.14) }],
    ['three lines near', { deltaY: -3, deltaMode: 1 }, { zoom: Math.exp(-0.0672) }],
    ['sideways', { deltaX: 30, deltaY: 4 }, { alongPx: 30 }],
    ['with Shift', { deltaY: 40, shiftKey: true }, { alongPx: 40 }],
    ['a pinch', { deltaY: -2.5, ctrlKey: true }, { zoom: Math.exp(-0.025) }],
    ['a pinch that slips aside', { deltaX: 5, deltaY: -1, ctrlKey: true }, { zoom: Math.exp(-0.01) }],
    ['a notch with Ctrl', { deltaY: 120, ctrlKey: true }, { zoom: Math.exp(0.2) }],
  ])('%s', (_name, turn, move) => {
    expect(wheelMove({ ...STILL, ...turn })).toEqual(move);
  });
});
