import { HUB_PATH } from '../server/wire/events.ts';
import { Acting } from './acting.ts';
import { AlarmsLive } from './alarms-live.ts';
import { createActionId, sendAlarmAction } from './net/alarm-actions.ts';
import { Loader } from './net/loader.ts';
import { PushClient } from './net/push.ts';
import { pushBrowser } from './net/push-browser.ts';
import { Renewal } from './net/renewal.ts';
import { browserFetch } from './net/request.ts';
import { systemTimers } from './net/system-timers.ts';
import './pages/fen-alarms-page.ts';
import { AlarmDesk } from './store/alarm-desk.ts';
import { PhoneNotices } from './store/phone-notices.ts';
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
const notices = new PhoneNotices({ browser: pushBrowser, server: new PushClient(acting.fetch), digest });
const page = document.createElement('fen-alarms-page');
page.live = live;
page.desk = desk;
page.person = acting.person;
page.notices = notices;
page.trend = new Loader({
  attempt: () => import('./components/fen-alarm-trend.ts'),
  timers: systemTimers,
  onFailure: (failures) => void renewal.repair(failures),
});
document.querySelector(NOTICE)?.remove();
document.body.append(page);
live.start();
desk.start();
void notices.look();

// A notification was tapped: of which alarm is in the address, or comes from the service worker where the page was open.
page.open(decodeURIComponent(location.hash.slice(1)));
navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<{ open: string }>) =>
  page.open(data.open),
);

// A page that is hidden may never be shown again: what is held leaves now.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return desk.leave();
  desk.retry();
  void notices.look();
});
addEventListener('pagehide', () => desk.leave());
addEventListener('online', () => desk.retry());

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
