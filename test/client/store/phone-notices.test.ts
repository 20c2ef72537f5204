import { describe, expect, it } from 'vitest';
import { PhoneNotices, type PhoneNoticesSources } from '../../../client/store/phone-notices.ts';
import type { PushOrder, PushReply } from '../../../server/wire/push.ts';
import { FakeTimers } from '../../support/fake-timers.ts';

const KEYS = { p256dh: 'BA', auth: 'AA' };

describe('notices of a phone', () => {
  it.each([
    ['insecure', { isSecure: false, isAble: false }],
    ['unable', { isAble: false }],
    ['denied', { permission: 'denied' }],
    ['off', {}],
  ] as const)('are %s where that is so', async (state, browser) => {
    const { notices } = make({ browser });
    expect(notices.value.state).toBe('unknown');
    await notices.look();
    expect(notices.value.state).toBe(state);
  });

  it('are unset where the server has no key, and unknown while it does not answer', async () => {
    const { notices, reply } = make();
    reply.publicKey = undefined;
    await notices.look();
    expect(notices.value.state).toBe('unset');

    const silent = make({ server: { list: () => Promise.reject(new Error('no line')) } });
    await silent.notices.look();
    expect(silent.notices.value.state).toBe('unknown');
  });

  it('are on once the server has the subscription, and off again', async () => {
    const { notices, orders, reply, state } = make();
    await notices.look();
    expect(state.asked).toBe(0); // only at a tap
    await notices.turnOn('ko');
    expect(notices.value).toMatchObject({
      state: 'on',
      isChanging: false,
      problem: undefined,
      ownId: 'id of https://p/1',
    });
    expect(orders).toEqual([{ endpoint: 'https://p/1', keys: KEYS, language: 'ko' }]);
    await notices.turnOff();
    expect(notices.value.state).toBe('off');
    expect([state.endpoint, reply.subscribers]).toEqual([undefined, []]);
  });

  it('are off where the server knows the browser no more', async () => {
    const { notices, reply } = make();
    await notices.look();
    await notices.turnOn('en');
    reply.subscribers = [];
    await notices.look();
    expect(notices.value.state).toBe('off');
  });

  it('leave no subscription that the server has refused, and say why', async () => {
    const { notices, state } = make({
      server: { add: () => Promise.reject(new Error('200 browsers are told already')) },
    });
    await notices.look();
    await notices.turnOn('en');
    expect(notices.value).toMatchObject({ state: 'off', problem: '200 browsers are told already', isChanging: false });
    expect(state.endpoint).toBeUndefined();
  });

  it('are off again where the push service never answers', async () => {
    const timers = new FakeTimers();
    const browser = { subscribe: () => new Promise<never>(() => undefined) };
    const { notices } = make({ browser, after: (delayMs, run) => timers.after(delayMs, run) });
    await notices.look();
    const turned = notices.turnOn('en');
    await Promise.resolve();
    expect(notices.value.isChanging).toBe(true);
    timers.advance(20_000);
    await turned;
    expect(notices.value).toMatchObject({
      state: 'off',
      isChanging: false,
      problem: expect.stringMatching(/did not answer/),
    });
  });

  it('are denied where the person says no', async () => {
    const { notices, orders, state } = make();
    await notices.look();
    state.answer = 'denied';
    await notices.turnOn('en');
    expect([notices.value.state, orders]).toEqual(['denied', []]);
  });
});

interface Given {
  readonly browser?: Partial<PhoneNoticesSources['browser']>;
  readonly server?: Partial<PhoneNoticesSources['server']>;
  readonly after?: PhoneNoticesSources['after'];
}

/** A browser and a server that do as they are told. */
function make({ browser, server, after = () => () => undefined }: Given = {}) {
  const reply = { publicKey: 'key' as string | undefined, subscribers: [] as PushReply['subscribers'] };
  const orders: PushOrder[] = [];
  const state = {
    endpoint: undefined as string | undefined,
    asked: 0,
    answer: 'granted' as NotificationPermission,
    permission: 'default' as NotificationPermission,
  };
  const subscriber = (id: string) => ({ id, browser: 'Chrome', language: 'en' as const, by: 'Kim', atMs: 1000 });
  const notices = new PhoneNotices({
    browser: {
      isSecure: true,
      isAble: true,
      get permission() {
        return browser?.permission ?? state.permission;
      },
      ask: async () => {
        state.asked++;
        state.permission = state.answer;
        return state.answer;
      },
      find: async () => state.endpoint,
      subscribe: async () => {
        state.endpoint = 'https://p/1';
        return { endpoint: state.endpoint, keys: KEYS };
      },
      unsubscribe: async () => {
        state.endpoint = undefined;
      },
      ...(browser && without(browser)),
    },
    server: {
      list: async () => ({ ...reply, limit: 200 }) as PushReply,
      add: async (order) => {
        orders.push(order);
        reply.subscribers = [subscriber(`id of ${order.endpoint}`)];
      },
      remove: async (id) => {
        reply.subscribers = reply.subscribers.filter((one) => one.id !== id);
      },
      ...server,
    },
    after,
    digest: async (text) => `id of ${text}`,
  });
  return { notices, reply, orders, state };
}

function without({ permission: _, ...rest }: NonNullable<Given['browser']>): NonNullable<Given['browser']> {
  return rest;
}
