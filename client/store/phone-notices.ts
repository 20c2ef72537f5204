import type { PushOrder, PushReply, SubscriberReply } from '../../server/wire/push.ts';
import { Current, type Store } from './store.ts';

/**
 * Whether this browser is notified: `on` or `off`; why it cannot be: by plain http, without what it takes, because the
 * server's settings have no key, or because the person has forbidden it.
 */
export type NoticeState = 'unknown' | 'on' | 'off' | 'insecure' | 'unable' | 'unset' | 'denied';

export interface PhoneNotice {
  readonly state: NoticeState;
  readonly isChanging: boolean;
  /** Why the last change was not made, in the words of whoever refused. */
  readonly problem: string | undefined;
  /** Everybody who is notified, the newest first. */
  readonly subscribers: readonly SubscriberReply[];
  readonly ownId: string | undefined;
}

export interface PhoneNoticesSources {
  readonly browser: {
    /** Whether the page came by https, or from this machine. */
    readonly isSecure: boolean;
    readonly isAble: boolean;
    readonly permission: NotificationPermission;
    /** Only at a tap. */
    ask(): Promise<NotificationPermission>;
    /** The endpoint that it is subscribed by. */
    find(): Promise<string | undefined>;
    subscribe(publicKey: string): Promise<Pick<PushOrder, 'endpoint' | 'keys'>>;
    unsubscribe(): Promise<void>;
  };
  readonly server: {
    list(): Promise<PushReply>;
    add(order: PushOrder): Promise<unknown>;
    remove(id: string): Promise<void>;
  };
  /** Calls `run` once, later; returns what calls that off. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** The first 32 hexadecimal digits of the SHA-256 of a text. */
  readonly digest: (text: string) => Promise<string>;
}

const LIMIT_MS = 20_000;

/** Lets this browser be notified of alarms, and says why it cannot be. */
export class PhoneNotices implements Store<PhoneNotice> {
  readonly #sources: PhoneNoticesSources;
  readonly #current = new Current<PhoneNotice>({
    state: 'unknown',
    isChanging: false,
    problem: undefined,
    subscribers: [],
    ownId: undefined,
  });
  #publicKey: string | undefined;

  constructor(sources: PhoneNoticesSources) {
    this.#sources = sources;
  }

  get value(): PhoneNotice {
    return this.#current.value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#current.subscribe(onChange);
  }

  /** Finds out how it is. What cannot be found out stays as it was. Never rejects. */
  async look(): Promise<void> {
    const { browser, server, digest } = this.#sources;
    if (!browser.isSecure) return this.#set({ state: 'insecure' });
    if (!browser.isAble) return this.#set({ state: 'unable' });
    try {
      const { publicKey, subscribers } = await server.list();
      this.#publicKey = publicKey;
      if (publicKey === undefined) return this.#set({ state: 'unset', subscribers });
      const endpoint = await browser.find();
      const ownId = endpoint === undefined ? undefined : await digest(endpoint);
      const isOn = browser.permission === 'granted' && subscribers.some(({ id }) => id === ownId);
      this.#set({ state: browser.permission === 'denied' ? 'denied' : isOn ? 'on' : 'off', subscribers, ownId });
    } catch {
      // no line: the page says so, and looks again when it is shown again
    }
  }

  /** At a tap. Never rejects. */
  async turnOn(language: PushOrder['language']): Promise<void> {
    await this.#change(async () => {
      const { browser, server } = this.#sources;
      if (this.#publicKey === undefined || (await browser.ask()) !== 'granted') return;
      const subscribed = await this.#inTime(browser.subscribe(this.#publicKey));
      await server.add({ ...subscribed, language }).catch(async (error: unknown) => {
        await browser.unsubscribe();
        throw error;
      });
    });
  }

  /** Never rejects. */
  async turnOff(): Promise<void> {
    const { ownId } = this.value;
    await this.#change(async () => {
      if (ownId !== undefined) await this.#sources.server.remove(ownId);
      await this.#sources.browser.unsubscribe();
    });
  }

  /** Another browser is notified no more: of a phone that was lost. Never rejects. */
  async remove(id: string): Promise<void> {
    await this.#change(() => this.#sources.server.remove(id));
  }

  // A browser that does not reach its push service may wait for ever.
  #inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`the browser's push service did not answer within ${LIMIT_MS / 1000} s`));
      const callOff = this.#sources.after(LIMIT_MS, late);
      work.then(resolve, reject).finally(callOff);
    });
  }

  async #change(work: () => Promise<void>): Promise<void> {
    if (this.value.isChanging) return;
    this.#set({ isChanging: true, problem: undefined });
    await work().catch((error: unknown) =>
      this.#set({ problem: error instanceof Error ? error.message : String(error) }),
    );
    await this.look();
    this.#set({ isChanging: false });
  }

  #set(change: Partial<PhoneNotice>): void {
    this.#current.set({ ...this.value, ...change });
  }
}
