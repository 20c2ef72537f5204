import kernelsUrl from '../build/assembly/kernels.wasm?url';
import { HUB_PATH } from '../server/wire/events.ts';
import { Live } from './live.ts';
import { Renewal } from './net/renewal.ts';
import { systemTimers } from './net/system-timers.ts';
import './pages/fen-app.ts';
import './styles/page.css';

const url = new URL(HUB_PATH, location.href);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const renewal = new Renewal({
  script: new URL(import.meta.url).pathname,
  fetch: (path, options) => fetch(path, options),
  storage: () => sessionStorage,
  wallMs: () => Date.now(),
  reload: () => location.reload(),
});
const live = new Live({
  kernels: await WebAssembly.compileStreaming(fetch(kernelsUrl)),
  open: () => new WebSocket(url),
  timers: systemTimers,
  renew: () => void renewal.renew(),
});
const app = document.createElement('fen-app');
app.live = live;
document.body.append(app);
live.start();
