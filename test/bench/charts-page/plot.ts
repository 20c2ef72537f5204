import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';

/**
 * A channel's trend by uPlot, as its users make it: the rows of the window in
 * plain arrays, three series, a band between two.
 */
export class Plot {
  /** Drawings made. */
  drawn = 0;
  readonly #windowS: number;
  readonly #data: [time: number[], max: number[], min: number[], mean: number[]] = [[], [], [], []];
  readonly #plot: uPlot;

  constructor(size: { readonly width: number; readonly height: number }, windowS: number) {
    this.#windowS = windowS;
    this.#plot = new uPlot({ ...OPTIONS, ...size, hooks: { draw: [() => this.drawn++] } }, this.#data, document.body);
  }

  add(block: TrendBlock): void {
    const [time] = this.#data;
    const startS = Number(block.timeNs / 1_000_000n) / 1000;
    const added = [block.min.map((_, i) => startS + (i * block.rowNs) / 1e9), block.max, block.min, block.mean];
    const at = startS < time[0] ? 0 : time.length; // the past comes from its end
    for (const [column, values] of added.entries()) this.#data[column].splice(at, 0, ...values);
    const rows = (this.#windowS * 1e9) / block.rowNs;
    if (time.length > rows) for (const column of this.#data) column.splice(0, column.length - rows);
  }

  draw(): void {
    this.#plot.setData(this.#data);
  }
}

const OPTIONS: Omit<uPlot.Options, 'width' | 'height'> = {
  legend: { show: false },
  cursor: { show: false },
  axes: [{ show: false }, { show: false }],
  scales: { x: { time: true } },
  series: [
    {},
    { stroke: '#3f566a', width: 0, points: { show: false } },
    { stroke: '#3f566a', width: 0, points: { show: false } },
    { stroke: '#b9cfe0', width: 1.3, points: { show: false } },
  ],
  bands: [{ series: [1, 2], fill: '#3f566a' }],
};
