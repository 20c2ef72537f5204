import type { PushOrder, PushReply, SubscriberReply } from '../wire/push.ts';

/** Who is notified. Changes resolve when they are on the disk; they reject with `STORAGE_FAILED`. */
export interface PushSource {
  list(): PushReply;
  /** Rejects with `REQUEST_INVALID` where nobody can be notified, or not by that push service. */
  add(order: PushOrder, by: string, browser: string): Promise<SubscriberReply>;
  /** Rejects with `SUBSCRIBER_UNKNOWN`. */
  remove(id: string, by: string): Promise<void>;
}
