import { HubLink } from '../../../client/net/hub-link.ts';
import { systemTimers } from '../../../client/net/system-timers.ts';
import { Plot } from './plot.ts';

// ?hub=ws://…&draw=1: takes in the last minute of every channel of a hub and
// draws it by uPlot, in places of &width=…&height=…, 20 times a second. Without
// &draw nothing is drawn, so that what the data itself costs can be told.

const INTERVAL_MS = 50;
const WINDOW_S = 60;

const query = new URLSearchParams(location.search);
const plots = new Map<string, Plot>();
const size = { width: Number(query.get('width')), height: Number(query.get('height')) };

const link = new HubLink({
  hasTrends: true,
  open: () => new WebSocket(query.get('hub')!),
  timers: systemTimers,
  receiver: {
    hear() {},
    receive(event) {
      if (event.type !== 'channels') return;
      for (const { name } of event.channels) if (!plots.has(name)) plots.set(name, new Plot(size, WINDOW_S));
    },
    receiveBlock: (name, block) => plots.get(name)?.add(block),
    receiveFrame() {},
    heldOf: () => undefined,
    setLoading() {},
    measure() {},
    lose() {},
    refuse(error) {
      throw error;
    },
  },
});
link.wish([{ name: '*', lastSeconds: WINDOW_S }]);
link.start();
const draw = () => {
  for (const plot of plots.values()) plot.draw();
};
if (query.has('draw')) setInterval(() => requestAnimationFrame(draw), INTERVAL_MS);

const drawn = () => [...plots.values()].reduce((sum, plot) => sum + plot.drawn, 0);
Object.assign(globalThis, { figures: { drawn } });
