import type { Palette } from '../../client/charts/palette.ts';

/** Colours that can be told from each other, and sizes that are easy to reckon with. */
export const TEST_PALETTE: Palette = {
  trace: '#111',
  band: '#222',
  further: ['#1a1', '#1b1'],
  normal: '#333',
  line: '#444',
  label: '#555',
  ink: '#777',
  ground: '#666',
  fontFamily: 'x',
  fontPx: 10,
  tracePx: 1,
  hairPx: 1,
};
