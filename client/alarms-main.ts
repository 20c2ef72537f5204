import { Acting } from './acting.ts';
import { AlarmsLive } from './alarms-live.ts';
import { AlarmJournalClient } from './net/alarm-journal.ts';
import { PushClient } from './net/push.ts';
import { pushBrowser } from './net/push-browser.ts';
import { browserFetch } from './net/request.ts';
import { systemTimers } from './net/system-timers.ts';
import './pages/fen-alarms-page.ts';
import { StartUp } from './start-up.ts';
import { PhoneNotices } from './store/phone-notices.ts';
import { QuietSince } from './store/quiet-since.ts';
import './styles/base.css';

/** For so long what a thumb did can be taken back. */
const HOLD_MS = 5000;

const start = new StartUp({ page: '/alarms', script: import.meta.url });
const live = new AlarmsLive({ open: start.open, timers: systemTimers, renew: start.renew });
const acting = new Acting(browserFetch, () => localStorage);
const desk = acting.createAlarmDesk({ learn: (alarms) => live.learn(alarms), holdMs: HOLD_MS });
const notices = new PhoneNotices({
  browser: pushBrowser,
  server: new PushClient(acting.fetch),
  after: (delayMs, run) => systemTimers.after(delayMs, run),
  digest,
});
const page = document.createElement('fen-alarms-page');
page.live = live;
page.desk = desk;
page.person = acting.person;
page.notices = notices;
page.quiet = new QuietSince({
  alarms: live.alarms,
  nowMs: () => live.clock.viewMs,
  entries: (query) => new AlarmJournalClient(browserFetch).entries(query),
});
page.trend = start.part(() => import('./components/fen-alarm-trend.ts'));
start.show(page);
live.start();
desk.start();
void notices.look();

// A notification was tapped: of which alarm is in the address, or comes from the service worker where the page was open.
page.open(tagOf(location.hash));
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

function tagOf(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return ''; // no address that a notification has
  }
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
