import kernelsUrl from '../build/assembly/kernels.wasm?url';
import { DEFAULT_BOARD } from '../server/wire/boards.ts';
import { HUB_PATH } from '../server/wire/events.ts';
import { importPlot } from './charts/fen-trend-chart.ts';
import { Live } from './live.ts';
import { BoardClient } from './net/boards.ts';
import { fetchChannels, fetchDiagnoses, fetchHistory } from './net/history.ts';
import { Loader } from './net/loader.ts';
import { Renewal } from './net/renewal.ts';
import { browserFetch } from './net/request.ts';
import { systemTimers } from './net/system-timers.ts';
import { BoardFeed } from './pages/board-feed.ts';
import { PreviewFeed } from './pages/board-preview.ts';
import './pages/fen-wall-page.ts';
import './styles/page.css';

// What wall.html says until the page stands.
const NOTICE = '.notice';
// Nobody is there to load the page anew: it is looked so often whether there is a newer one.
const RENEWAL_MS = 900_000;

const url = new URL(HUB_PATH, location.href);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const renewal = new Renewal({
  page: '/wall',
  script: new URL(import.meta.url).pathname,
  fetch: (path, options) => fetch(path, options),
  storage: () => sessionStorage,
  wallMs: () => Date.now(),
  reload: () => location.reload(),
});
const load = <T>(attempt: () => Promise<T>) =>
  new Loader({ attempt, timers: systemTimers, onFailure: (failures) => void renewal.repair(failures) });

const live = new Live({
  kernels: await untilLoaded(load(() => WebAssembly.compileStreaming(fetch(kernelsUrl)))),
  open: () => new WebSocket(url),
  timers: systemTimers,
  history: { load: fetchHistory, list: fetchChannels, diagnoses: fetchDiagnoses },
  renew: () => void renewal.renew(),
});
const asked = new URLSearchParams(location.search);
const id = asked.get('board') ?? DEFAULT_BOARD;
const preview = asked.get('preview');
// Reads only, and never asks who is there.
const feed = preview === null ? new BoardFeed(new BoardClient(browserFetch), id) : new PreviewFeed(preview);

// Every connection may be to another version of the server, of which there may be another page.
live.site.subscribe(() => void renewal.renew());
setInterval(() => void renewal.renew(), RENEWAL_MS);
live.boards.subscribe(() => feed.ask());
feed.ask();

const page = document.createElement('fen-wall-page');
page.live = live;
page.plots = load(importPlot);
page.feed = feed;
page.board = id;
document.querySelector(NOTICE)?.remove();
document.body.append(page);
live.start();

async function untilLoaded(kernels: Loader<WebAssembly.Module>): Promise<WebAssembly.Module> {
  for (;;) {
    try {
      return await kernels.load();
    } catch {
      // The notice stands, and it is tried again.
    }
  }
}
