import { describe, expect, it } from 'vitest';
import { frameOption, lookOption, margins, type TrendLook } from '../../../client/charts/trend-option.ts';
import { TEST_PALETTE } from '../../support/palette.ts';

const palette = TEST_PALETTE;
const look: TrendLook = { isCompact: false, unit: 'V', palette, formatTime: (timeMs) => `t${timeMs}` };
const room = { figureLength: 4, timePx: 40 };
const hooks = { renderItem: () => null, formatValue: String, formatTime: String, room };
const span = { fromMs: 1000, toMs: 2000, columnMs: 10, columns: 100 };

describe('trend option', () => {
  it('never animates, and takes its colours from the palette', () => {
    const option = lookOption(look, hooks);

    expect(option).toMatchObject({
      animation: false,
      xAxis: { axisLine: { lineStyle: { color: '#444' } }, axisLabel: { color: '#555' } },
      yAxis: { name: 'V' },
    });
  });

  it('keeps the grid where the margins say, however long a label is', () => {
    expect(lookOption(look, hooks)).toMatchObject({ grid: { ...margins(look, room), outerBoundsMode: 'none' } });
  });

  it('reserves what the longest figure takes, or the unit', () => {
    const left = (unit: string, figureLength: number) => margins({ ...look, unit }, { ...room, figureLength }).left;

    expect(left('V', 9)).toBeGreaterThan(left('V', 4));
    expect(left('V', 4)).toBeLessThan(3.5 * palette.fontPx);
    expect(left('mbar·l/s', 4)).toBe(left('V', 8));
    expect(left('a unit without end', 4)).toBe(left('V', 9));
  });

  it('is as high as its chart where neither unit nor times are written', () => {
    const bare = { ...look, hasUnit: false, hasTimes: false };

    expect(margins(bare, room).top + margins(bare, room).bottom).toBeLessThan(palette.fontPx / 2);
    expect(margins({ ...bare, unit: 'mbar·l/s' }, room).left).toBe(margins(bare, room).left);
    expect(lookOption(bare, hooks)).toMatchObject({ yAxis: { name: '' }, xAxis: { axisTick: { show: false } } });
  });

  it('has room for half a time on both sides of the plot', () => {
    expect(margins(look, { figureLength: 1, timePx: 51 })).toMatchObject({ left: 26, right: 26 });
  });

  it('keeps the time axis at the foot of the plot where 0 is further up', () => {
    expect(lookOption(look, hooks)).toMatchObject({ xAxis: { axisLine: { show: true, onZero: false } } });
  });

  it('has no axes and no margins on a tile', () => {
    const compact = { ...look, isCompact: true };

    expect(Object.keys(lookOption(compact, hooks))).toEqual(['animation', 'series']);
    expect(margins(compact, room)).toEqual({ left: 0, right: 0, top: 0, bottom: 0 });
  });

  it('changes the axes with every frame only where they are seen', () => {
    const shown = { span, range: { low: -1, high: 1 }, ticks: { times: [1500], values: [-1, 0, 1] } };
    const at = (customValues: number[]) => ({ axisLabel: { customValues }, axisTick: { customValues } });

    expect(frameOption(look, { ...shown, frame: 7 })).toEqual({
      xAxis: { min: 1000, max: 2000, ...at([1500]) },
      yAxis: { min: -1, max: 1, ...at([-1, 0, 1]) },
      series: [{ id: 'trend', data: [[0, 7]] }],
    });
    expect(frameOption({ isCompact: true }, { ...shown, frame: 8 })).toEqual({
      series: [{ id: 'trend', data: [[0, 8]] }],
    });
  });
});
