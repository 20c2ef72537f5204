import { describe, expect, it } from 'vitest';
import { TrendColumns } from '../../../client/charts/trend-columns.ts';
import { buildEnvelope, buildMean, buildSpikes, type TrendShape } from '../../../client/charts/trend-shapes.ts';
import { type Cell, columnsOf } from '../../support/pixel-columns.ts';

// Ten pixels a column and a unit, upwards: value v lies at -10 v.

describe('envelope', () => {
  it('runs along the maxima and back along the minima, flat over every column', () => {
    expect(
      drawn(buildEnvelope, [
        [1, 2],
        [0, 3],
      ]),
    ).toEqual(['M 0 -20', 'L 10 -20', 'L 10 -30', 'L 20 -30', 'L 20 0', 'L 10 0', 'L 10 -10', 'L 0 -10', 'Z']);
  });

  it('joins rows that are wider than a column', () => {
    expect(drawn(buildEnvelope, [[1, 2], undefined, [1, 2]]).filter((step) => step.startsWith('M'))).toEqual([
      'M 0 -20',
    ]);
  });

  it('begins anew after a gap mark', () => {
    expect(drawn(buildEnvelope, [[1, 2], 'gap', [1, 2]]).filter((step) => /[MZ]/.test(step))).toEqual([
      'M 0 -20',
      'Z',
      'M 20 -20',
      'Z',
    ]);
    expect(drawn(buildEnvelope, ['both', [1, 2]]).filter((step) => /[MZ]/.test(step))).toEqual([
      'M 0 -10',
      'Z',
      'M 10 -20',
      'Z',
    ]);
  });

  it('draws nothing where there is nothing', () => {
    expect(drawn(buildEnvelope, [undefined, 'gap'])).toEqual([]);
  });
});

describe('mean', () => {
  it('runs through the middle of every column, and is broken by a gap mark', () => {
    expect(drawn(buildMean, [[1, 3], undefined, [2, 4], 'gap', [0, 2]])).toEqual([
      'M 0 -20',
      'L 5 -20',
      'L 25 -30',
      'M 40 -10',
      'L 45 -10',
    ]);
  });
});

describe('spikes', () => {
  const quiet: Cell = [0, 2];

  it('are bars from the mean to the extreme, as wide as the trace', () => {
    expect(drawn(buildSpikes, [quiet, quiet, [0, 8], quiet, quiet])).toEqual([
      'M 24 -40',
      'L 24 -80',
      'L 26 -80',
      'L 26 -40',
      'Z',
    ]);
    expect(drawn(buildSpikes, [quiet, [-6, 2], quiet])).toEqual(['M 14 20', 'L 14 60', 'L 16 60', 'L 16 20', 'Z']);
  });

  it('are seen where two columns share them, and across empty columns', () => {
    expect(bars([quiet, quiet, [0, 8], [0, 7], quiet, quiet])).toBe(2);
    expect(bars([quiet, undefined, [0, 8], undefined, quiet])).toBe(1);
  });

  it('are not noise, a step, or the end of the picture', () => {
    expect(bars([quiet, quiet, [0, 2.9], quiet, quiet])).toBe(0);
    expect(bars([quiet, quiet, [6, 8], [6, 8], [6, 8]])).toBe(0);
    expect(bars([[0, 8], quiet, quiet, [0, 8]])).toBe(0);
    expect(bars([])).toBe(0);
  });

  function bars(cells: readonly Cell[]): number {
    return drawn(buildSpikes, cells).filter((step) => step === 'Z').length;
  }
});

function drawn(build: typeof buildEnvelope, cells: readonly Cell[]): string[] {
  const columns = new TrendColumns();
  columns.copy(columnsOf(cells));
  const shape: TrendShape = { columns, x: 0, stepX: 10, originY: 0, scaleY: -10, tracePx: 2, devicePx: 1 };
  const steps: string[] = [];
  build(
    {
      moveTo: (x, y) => void steps.push(`M ${x} ${y + 0}`),
      lineTo: (x, y) => void steps.push(`L ${x} ${y + 0}`),
      closePath: () => void steps.push('Z'),
    },
    shape,
  );
  return steps;
}
