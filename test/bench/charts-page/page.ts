import 'uplot/dist/uPlot.min.css';
import kernelsUrl from '../../../build/assembly/kernels.wasm?url';
import { ChannelStore } from '../../../client/store/channel-store.ts';
import { ServerClock } from '../../../client/store/server-clock.ts';
import { DecimateKernel } from '../../../server/kernels/decimate-kernel.ts';
import { drawOurs } from './ours.ts';
import { Signal } from './signal.ts';
import { drawUplot } from './uplot.ts';

// ?charts=16&kind=ours|uplot|idle: the same data comes in at the same times
// for every kind, 200 rows a second and channel in blocks of 40 ms; `idle`
// draws nothing, so that what the page itself costs can be taken off.

const INTERVAL_MS = 40;
const query = new URLSearchParams(location.search);
const charts = Number(query.get('charts') ?? 16);
const kind = query.get('kind') ?? 'ours';
const windowMs = 60_000;

const clock = new ServerClock(() => performance.now());
const kernels = await WebAssembly.compileStreaming(fetch(kernelsUrl));
const startMs = performance.now();
clock.observe(Signal.EPOCH_MS + windowMs, { delayMs: 0, errorMs: 0 });

const signals = Array.from({ length: charts }, (_, i) => new Signal(i));
const stores = signals.map((_, i) => {
  const kernel = new DecimateKernel(kernels, { capacity: 13_000, maxColumns: 4096 });
  return new ChannelStore(Signal.channel(i), { clock, kernel });
});
const take = (untilMs: number) => {
  clock.hear();
  signals.forEach((signal, i) => {
    const block = signal.next(untilMs);
    if (block) for (const receive of receivers[i]) receive(block);
  });
};
const receivers = stores.map((store) => [(block: Parameters<ChannelStore['add']>[0]) => void store.add(block)]);

const figures = { drawn: () => 0 };
if (kind === 'ours') figures.drawn = drawOurs(stores, windowMs);
if (kind === 'uplot') figures.drawn = drawUplot(receivers, windowMs);

take(windowMs);
setInterval(() => take(windowMs + performance.now() - startMs), INTERVAL_MS);
Object.assign(globalThis, { figures });
