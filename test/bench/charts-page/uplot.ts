import uPlot from 'uplot';
import type { TrendBlock } from '../../../server/wire/trend-frame.ts';

const DRAW_MS = 50;

/**
 * The same picture by uPlot, as its users make it: the rows of the window in
 * plain arrays, three series, a band between two, all redrawn 20 times a
 * second. Returns how many drawings were made.
 */
export function drawUplot(receivers: ((block: TrendBlock) => void)[][], windowMs: number): () => number {
  let drawn = 0;
  for (const receive of receivers) {
    const place = document.createElement('div');
    place.className = 'chart';
    document.body.append(place);
    const data: [number[], number[], number[], number[]] = [[], [], [], []];
    const plot = new uPlot(options(place), data, place);

    receive.push((block) => {
      const [time, max, min, mean] = data;
      const startMs = Number(block.timeNs / 1_000_000n);
      for (let i = 0; i < block.min.length; i++) {
        time.push((startMs + (i * block.rowNs) / 1e6) / 1000);
        max.push(block.max[i]);
        min.push(block.min[i]);
        mean.push(block.mean[i]);
      }
      const rows = (windowMs * 1e6) / block.rowNs;
      if (time.length > rows) for (const column of data) column.splice(0, column.length - rows);
    });
    setInterval(() => {
      drawn++;
      plot.setData(data);
    }, DRAW_MS);
  }
  return () => drawn;
}

function options(place: HTMLElement): uPlot.Options {
  return {
    width: place.clientWidth,
    height: place.clientHeight,
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
}
