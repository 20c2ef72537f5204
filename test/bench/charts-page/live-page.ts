import kernelsUrl from '../../../build/assembly/kernels.wasm?url';
import { importPlot } from '../../../client/charts/fen-trend-chart.ts';
import { FrameScheduler } from '../../../client/charts/frame-scheduler.ts';
import { Live } from '../../../client/live.ts';
import { systemTimers } from '../../../client/net/system-timers.ts';
import { KEPT_MS } from '../../../client/store/row-room.ts';
import { NO_HISTORY } from '../../support/no-history.ts';

// ?hub=ws://…&channel=NAME: one channel of a running server in one bare chart,
// for tests that look at its pixels. &theme=dark: in the colours of the product.

const query = new URLSearchParams(location.search);
const theme = query.get('theme');
if (theme) {
  await import('../../../client/styles/tokens.css');
  document.documentElement.dataset.theme = theme;
  document.body.style.background = 'var(--panel)';
}
const live = new Live({
  kernels: await WebAssembly.compileStreaming(fetch(kernelsUrl)),
  open: () => new WebSocket(query.get('hub')!),
  timers: systemTimers,
  history: NO_HISTORY,
  renew() {},
});
live.wish([{ name: '*', lastSeconds: KEPT_MS / 1000 }]);
live.start();

const chart = document.createElement('fen-trend-chart');
chart.scheduler = new FrameScheduler(window);
chart.plots = { isFailing: false, load: importPlot };
chart.compact = true;
chart.gapText = 'no data';
document.body.append(chart);
live.fleet.subscribe(() => {
  chart.source = live.fleet.find(query.get('channel')!);
});
Object.assign(globalThis, { live, chart });
