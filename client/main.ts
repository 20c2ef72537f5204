import { Acting } from './acting.ts';
import { readableAlarm } from './alarm-hearing.ts';
import { importPlot } from './charts/fen-trend-chart.ts';
import { ModelClient } from './net/models.ts';
import { browserFetch } from './net/request.ts';
import './pages/fen-app.ts';
import { LatePage } from './pages/late-page.ts';
import { startLive } from './start-live.ts';
import { StartUp } from './start-up.ts';
import './styles/page.css';

const start = new StartUp({ page: '/', script: import.meta.url });
const live = await startLive(start);
const app = document.createElement('fen-app');
app.live = live;
app.acting = new Acting(browserFetch, () => localStorage);
app.alarmDesk = app.acting.createAlarmDesk({
  learn: (alarms) => live.alarms.learn(alarms.map(readableAlarm)),
  holdMs: 0,
});
app.plots = start.part(importPlot);
const models = new ModelClient(browserFetch);
const inference = start.part(() => import('./inference/browser-diagnosis.ts'));
app.openDiagnosis = async (hooks) => new (await inference.load()).BrowserDiagnosis({ ...hooks, models });
app.pageLoaders = {
  channel: start.part(() => import('./pages/fen-channel-page.ts')),
  captures: start.part(() => import('./pages/fen-captures-page.ts')),
  capture: start.part(() => import('./pages/fen-capture-page.ts')),
  models: start.part(() => import('./pages/fen-models-page.ts')),
  journal: start.part(() => import('./pages/fen-journal-page.ts')),
  kpi: start.part(() => import('./pages/fen-kpi-page.ts')),
  system: start.part(() => import('./pages/fen-system-page.ts')),
  boards: start.part(() => import('./pages/fen-board-page.ts')),
  'alarm-settings': start.part(() => import('./pages/fen-alarm-settings-page.ts')),
};
const parts = start.part(() => import('./components/late-parts.ts'));
start.show(app);
live.start();
app.alarmDesk.start();
new LatePage(
  'fen-person',
  () => parts,
  () => {},
).need();
