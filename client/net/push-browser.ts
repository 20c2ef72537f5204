import type { PushOrder } from '../../server/wire/push.ts';

const WORKER = '/alarms-worker.js';
const SCOPE = '/alarms';

type Subscribed = Pick<PushOrder, 'endpoint' | 'keys'>;

/** What of this browser notifies: its push service, and the service worker of the alarms. */
export const pushBrowser = {
  get isSecure() {
    return isSecureContext;
  },
  get isAble() {
    return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
  },
  get permission(): NotificationPermission {
    return Notification.permission;
  },
  /** Only at a tap. */
  ask: () => Notification.requestPermission(),
  /** The endpoint that it is subscribed by. */
  find: async (): Promise<string | undefined> => (await subscription())?.endpoint,
  /** Rejects where the browser's push service cannot be reached. */
  subscribe: async (publicKey: string): Promise<Subscribed> => {
    await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const { pushManager } = await navigator.serviceWorker.ready;
    await (await pushManager.getSubscription())?.unsubscribe(); // it may be of another key
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
    const { endpoint = '', keys: { p256dh = '', auth = '' } = {} } = made.toJSON();
    return { endpoint, keys: { p256dh, auth } };
  },
  unsubscribe: async (): Promise<void> => void (await (await subscription())?.unsubscribe()),
};

async function subscription(): Promise<PushSubscription | null | undefined> {
  return (await navigator.serviceWorker.getRegistration(SCOPE))?.pushManager.getSubscription();
}
