import { WebSocket } from 'ws';
import { Live, type LiveOptions } from '../../client/live.ts';
import { fetchChannels, fetchDiagnoses, fetchHistory } from '../../client/net/history.ts';
import type { LinkSocket, LinkTimers } from '../../client/net/hub-link.ts';
import { HUB_PATH } from '../../server/wire/events.ts';
import { loadKernels } from './kernels.ts';

/** Opens the live socket of the server at `url`, as the page does. */
export function openSocket(url: string): LinkSocket & WebSocket {
  const socket = new WebSocket(new URL(HUB_PATH, url.replace(/^http/, 'ws')), { perMessageDeflate: false });
  socket.on('error', () => {}); // the close tells
  return socket as LinkSocket & WebSocket;
}

/** Time as a browser gives it, and takes it from a page that it freezes: nothing runs until the thaw. */
export class NodeTimers implements LinkTimers {
  #held: (() => void)[] | undefined;

  monotonicMs(): number {
    return performance.now();
  }

  after(delayMs: number, run: () => void): () => void {
    let isCancelled = false;
    const act = () => {
      if (!isCancelled) run();
    };
    const timer = setTimeout(() => (this.#held ? this.#held.push(act) : act()), delayMs);
    return () => {
      isCancelled = true;
      clearTimeout(timer);
    };
  }

  random(): number {
    return Math.random();
  }

  freeze(): void {
    this.#held = [];
  }

  thaw(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const act of held) act();
  }
}

/** The page's own stores and link, without a page: everything but the drawing. */
export interface NodeLive {
  readonly live: Live;
  /** As a laptop that is shut: reads nothing and does nothing until the thaw. */
  freeze(): void;
  thaw(): void;
  close(): void;
}

/** Starts one that wants every channel of the server at `url`. The caller closes it. */
export async function startLive(url: string, { lastSeconds }: { readonly lastSeconds: number }): Promise<NodeLive> {
  const kernels = (await loadKernels()) as WebAssembly.Module;
  const timers = new NodeTimers();
  let socket: WebSocket | undefined;
  const open = () => {
    const opened = openSocket(url);
    socket = opened;
    return opened;
  };
  const history: LiveOptions['history'] = {
    load: (query, signal) => fetchHistory(query, signal, url),
    list: (signal) => fetchChannels(signal, url),
    diagnoses: (query, signal) => fetchDiagnoses(query, signal, url),
  };
  const live = new Live({ kernels, open, timers, history, renew() {} });
  live.wish([{ name: '*', lastSeconds }]);
  live.start();
  return {
    live,
    freeze() {
      timers.freeze();
      if (socket?.readyState === WebSocket.OPEN) socket.pause();
    },
    thaw() {
      if (socket?.isPaused) socket.resume();
      timers.thaw();
    },
    close: () => live.close(),
  };
}
