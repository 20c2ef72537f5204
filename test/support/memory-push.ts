import { AppError } from '../../server/base/errors.ts';
import type { PushSource } from '../../server/http/push-source.ts';
import { type PushOrder, SUBSCRIBER_LIMIT, type SubscriberReply } from '../../server/wire/push.ts';

/** Who is notified, in memory. */
export function memoryPush(publicKey?: string): PushSource & { readonly orders: PushOrder[] } {
  const orders: PushOrder[] = [];
  const subscribers = new Map<string, SubscriberReply>();
  return {
    orders,
    list: () => ({
      ...(publicKey !== undefined && { publicKey }),
      subscribers: [...subscribers.values()],
      limit: SUBSCRIBER_LIMIT,
    }),
    add: async (order, by, browser) => {
      orders.push(order);
      const id = String(orders.length);
      const added = { id, browser, language: order.language, by, atMs: 1000 };
      subscribers.set(id, added);
      return added;
    },
    remove: async (id) => {
      if (!subscribers.delete(id)) throw new AppError('SUBSCRIBER_UNKNOWN', `no browser ${id}`);
    },
  };
}
