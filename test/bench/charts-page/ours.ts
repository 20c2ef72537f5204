import '../../../client/charts/fen-trend-chart.ts';
import type { ChannelStore } from '../../../client/store/channel-store.ts';

/** Puts our chart of every store on the page; returns how many drawings were made. */
export function drawOurs(stores: readonly ChannelStore[], windowMs: number): () => number {
  const charts = stores.map((store) => {
    const chart = document.createElement('fen-trend-chart');
    chart.className = 'chart';
    chart.compact = true;
    chart.source = store;
    chart.windowMs = windowMs;
    chart.normal = [0.11, 0.119];
    chart.gapText = 'no data';
    document.body.append(chart);
    return chart;
  });
  return () => charts.reduce((sum, chart) => sum + chart.frames, 0);
}
