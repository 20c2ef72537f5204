import type { PushNotice } from '../server/wire/push.ts';

// The service worker of the alarms: shows what the server pushes while the page may be closed. It keeps no page and answers
// for no request, so that nothing on the screen is ever of before.

/** What is used of a worker's own scope, which the types of pages do not have. */
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly location: { readonly origin: string };
  readonly navigator: { setAppBadge?(count: number): Promise<void> };
  readonly clients: {
    matchAll(of: { type: 'window'; includeUncontrolled: true }): Promise<readonly PageClient[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install', listen: (event: WorkerEvent) => void): void;
  addEventListener(type: 'push', listen: (event: WorkerEvent & { readonly data: PushData | null }) => void): void;
  addEventListener(
    type: 'notificationclick' | 'notificationclose',
    listen: (event: WorkerEvent & { readonly notification: Notification }) => void,
  ): void;
}

interface WorkerEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface PushData {
  json(): unknown;
}

interface PageClient {
  readonly url: string;
  focus(): Promise<unknown>;
  postMessage(message: { readonly open: string }): void;
}

/** Browsers want every push to show something: what is over shows so, without a sound, and goes. */
const OVER_SHOWN_MS = 5000;
const PAGE = '/alarms';
/** Of the notification of many at once, which have no tag of their own. */
const MANY = 'many';

const worker = self as unknown as WorkerScope;

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('push', (event) => {
  if (event.data !== null) event.waitUntil(tell(event.data.json() as PushNotice));
});
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(Promise.all([open(event.notification.data as PushNotice), count()]));
});
worker.addEventListener('notificationclose', (event) => event.waitUntil(count()));

async function tell(notice: PushNotice): Promise<void> {
  const { tag, title, body, isCalling } = notice;
  const name = tag || MANY;
  const [shown] = await worker.registration.getNotifications({ tag: name });
  if (shown !== undefined && isNewer(shown.data as PushNotice, notice)) return;
  const look = { body, tag: name, data: notice, icon: '/alarms-icon-192.png' };
  const call = { silent: !isCalling, renotify: isCalling, requireInteraction: isCalling };
  await worker.registration.showNotification(title, { ...look, ...call } as NotificationOptions);
  await count();
  if (isCalling) return;
  await new Promise((resolve) => setTimeout(resolve, OVER_SHOWN_MS)); // a worker that nobody waits for may be stopped
  await close(name);
}

function isNewer(a: PushNotice, b: PushNotice): boolean {
  return a.occurrence > b.occurrence || (a.occurrence === b.occurrence && a.version > b.version);
}

async function close(name: string): Promise<void> {
  for (const one of await worker.registration.getNotifications({ tag: name })) {
    if (!(one.data as PushNotice).isCalling) one.close(); // it may call again by now
  }
}

/** The badge says how many call; the page counts anew when it is opened. */
async function count(): Promise<void> {
  const shown = await worker.registration.getNotifications();
  const calling = shown.filter(({ data }) => (data as PushNotice).isCalling).length;
  await worker.navigator.setAppBadge?.(calling).catch(() => undefined); // a browser may forbid it
}

/** Goes to the page where it is open already. */
async function open({ tag, link }: PushNotice): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(({ url }) => new URL(url).pathname === PAGE);
  if (page === undefined) return void (await worker.clients.openWindow(new URL(link, worker.location.origin).href));
  page.postMessage({ open: tag });
  await page.focus();
}
