import { WebSocket } from 'ws';
import { Live } from '../../client/live.ts';
import type { LinkSocket, LinkTimers } from '../../client/net/hub-link.ts';
import { HUB_PATH } from '../../server/wire/events.ts';
import { loadKernels } from './kernels.ts';

/** Time as a browser gives it. */
export const nodeTimers: LinkTimers = {
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Opens the live socket of the server at `url`, as the page does. */
export function openSocket(url: string): LinkSocket & WebSocket {
  const socket = new WebSocket(new URL(HUB_PATH, url.replace(/^http/, 'ws')), { perMessageDeflate: false });
  socket.on('error', () => {}); // the close tells
  return socket as LinkSocket & WebSocket;
}

/** The page's own stores and link, without a page: everything but the drawing. The caller closes it. */
export async function startLive(url: string, { lastSeconds }: { readonly lastSeconds: number }): Promise<Live> {
  const kernels = (await loadKernels()) as WebAssembly.Module;
  const live = new Live({ kernels, open: () => openSocket(url), timers: nodeTimers });
  live.wish([{ name: '*', lastSeconds }]);
  live.start();
  return live;
}
