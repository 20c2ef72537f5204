import { HUB_PATH } from '../server/wire/events.ts';
import { Acting } from './acting.ts';
import { AlarmsLive } from './alarms-live.ts';
import { createActionId, sendAlarmAction } from './net/alarm-actions.ts';
import { Loader } from './net/loader.ts';
import { Renewal } from './net/renewal.ts';
import { browserFetch } from './net/request.ts';
import { systemTimers } from './net/system-timers.ts';
import './pages/fen-alarms-page.ts';
import { AlarmDesk } from './store/alarm-desk.ts';
import './styles/base.css';

// What alarms.html says until the page stands.
const NOTICE = '.notice';
/** For so long what a thumb did can be taken back. */
const HOLD_MS = 5000;

const url = new URL(HUB_PATH, location.href);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const renewal = new Renewal({
  page: '/alarms',
  script: new URL(import.meta.url).pathname,
  fetch: (path, options) => fetch(path, options),
  storage: () => sessionStorage,
  wallMs: () => Date.now(),
  reload: () => location.reload(),
});
const live = new AlarmsLive({
  open: () => new WebSocket(url),
  timers: systemTimers,
  renew: () => void renewal.renew(),
});
const acting = new Acting(browserFetch, () => localStorage);
const desk = new AlarmDesk({
  send: (action, sending) => sendAlarmAction(acting.fetch, action, sending),
  learn: (alarms) => live.learn(alarms),
  createId: createActionId,
  signer: () => acting.person.value.name,
  storage: () => localStorage,
  after: (delayMs, run) => systemTimers.after(delayMs, run),
  nowMs: () => Date.now(),
  holdMs: HOLD_MS,
});
const page = document.createElement('fen-alarms-page');
page.live = live;
page.desk = desk;
page.person = acting.person;
page.trend = new Loader({
  attempt: () => import('./components/fen-alarm-trend.ts'),
  timers: systemTimers,
  onFailure: (failures) => void renewal.repair(failures),
});
document.querySelector(NOTICE)?.remove();
document.body.append(page);
live.start();
desk.start();

// A page that is hidden may never be shown again: what is held leaves now.
document.addEventListener('visibilitychange', () => (document.hidden ? desk.leave() : desk.retry()));
addEventListener('pagehide', () => desk.leave());
addEventListener('online', () => desk.retry());
