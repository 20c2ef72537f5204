import kernelsUrl from '../build/assembly/kernels.wasm?url';
import { HUB_PATH } from '../server/wire/events.ts';
import { Acting } from './acting.ts';
import { readableAlarm } from './alarm-hearing.ts';
import { importPlot } from './charts/fen-trend-chart.ts';
import { Live } from './live.ts';
import { TEXTS } from './locale/texts.ts';
import { createActionId, sendAlarmAction } from './net/alarm-actions.ts';
import { fetchChannels, fetchDiagnoses, fetchHistory } from './net/history.ts';
import { Loader } from './net/loader.ts';
import { ModelClient } from './net/models.ts';
import { Renewal } from './net/renewal.ts';
import { browserFetch } from './net/request.ts';
import { systemTimers } from './net/system-timers.ts';
import './pages/fen-app.ts';
import { LatePage } from './pages/late-page.ts';
import { Preferences } from './pages/preferences.ts';
import { AlarmDesk } from './store/alarm-desk.ts';
import './styles/page.css';

// What index.html says until the page stands.
const NOTICE = '.notice';

const url = new URL(HUB_PATH, location.href);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const renewal = new Renewal({
  page: '/',
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
const app = document.createElement('fen-app');
app.live = live;
app.acting = new Acting(browserFetch, () => localStorage);
app.alarmDesk = new AlarmDesk({
  send: (action, sending) => sendAlarmAction(app.acting.fetch, action, sending),
  learn: (alarms) => live.alarms.learn(alarms.map(readableAlarm)),
  createId: createActionId,
  signer: () => app.acting.person.value.name,
  storage: () => localStorage,
  after: (delayMs, run) => systemTimers.after(delayMs, run),
  nowMs: () => Date.now(),
  holdMs: 0,
});
app.plots = load(importPlot);
const models = new ModelClient(browserFetch);
const inference = load(() => import('./inference/browser-diagnosis.ts'));
app.openDiagnosis = async (hooks) => new (await inference.load()).BrowserDiagnosis({ ...hooks, models });
app.pageLoaders = {
  channel: load(() => import('./pages/fen-channel-page.ts')),
  captures: load(() => import('./pages/fen-captures-page.ts')),
  capture: load(() => import('./pages/fen-capture-page.ts')),
  models: load(() => import('./pages/fen-models-page.ts')),
  journal: load(() => import('./pages/fen-journal-page.ts')),
  kpi: load(() => import('./pages/fen-kpi-page.ts')),
  system: load(() => import('./pages/fen-system-page.ts')),
  boards: load(() => import('./pages/fen-board-page.ts')),
  'alarm-settings': load(() => import('./pages/fen-alarm-settings-page.ts')),
};
const parts = load(() => import('./components/late-parts.ts'));
document.querySelector(NOTICE)?.remove();
document.body.append(app);
live.start();
app.alarmDesk.start();
new LatePage(
  'fen-person',
  () => parts,
  () => {},
).need();

/** Says what is missing while it is. */
async function untilLoaded(kernels: Loader<WebAssembly.Module>): Promise<WebAssembly.Module> {
  const text = TEXTS[new Preferences().value.language];
  for (;;) {
    try {
      return await kernels.load();
    } catch {
      const notice = document.querySelector(NOTICE);
      notice?.setAttribute('role', 'alert');
      notice?.replaceChildren(text.kernelsNotLoaded);
    }
  }
}
