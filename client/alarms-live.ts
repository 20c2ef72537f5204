import type { AlarmReply } from '../server/wire/alarms.ts';
import type { Channel, HubEvent } from '../server/wire/events.ts';
import { readableAlarm, takeAlarms } from './alarm-hearing.ts';
import { toPlainText } from './locale/plain-text.ts';
import { HubLink, type LinkSocket, type LinkTimers, OtherVersionError } from './net/hub-link.ts';
import { readableChannel } from './readable-channel.ts';
import { AlarmStore } from './store/alarms.ts';
import { ServerClock } from './store/server-clock.ts';
import { Current } from './store/store.ts';

const TICK_MS = 250;

// How long a word of the server that was not asked for may have been under way.
const LOOSE_MS = 1000;

/** Whether what is on the screen is now. A new object four times a second. */
export interface AlarmsLife {
  /** Server clock, standing still while it is silent; undefined before it first spoke. */
  readonly serverMs: number | undefined;
  /** Time since anything was heard of it. */
  readonly silentMs: number;
  readonly isSilent: boolean;
  /** How long its words are under way; undefined before that was measured. */
  readonly delayMs: number | undefined;
  /** It speaks another version than this page. */
  readonly isOtherVersion: boolean;
}

export interface AlarmsLiveOptions {
  /** Connects to the hub's path. */
  readonly open: () => LinkSocket;
  readonly timers: LinkTimers;
  /** Gets the page of another version of the server, if there is one. */
  readonly renew: () => void;
}

/** The alarms as the hub tells of them, without any trend: the stores of a page that shows nothing else. */
export class AlarmsLive {
  readonly clock: ServerClock;
  readonly alarms = new AlarmStore();
  readonly channels = new Current<ReadonlyMap<string, Channel>>(new Map());
  /** How many channels the server hears; undefined while nobody knows. */
  readonly heard = new Current<number | undefined>(undefined);
  /** The name of the site and its time zone; undefined before the first welcome. */
  readonly site = new Current<{ readonly name: string; readonly timeZone: string } | undefined>(undefined);
  readonly life: Current<AlarmsLife>;
  readonly #link: HubLink;
  readonly #timers: LinkTimers;
  readonly #renew: () => void;
  #roundTripMs: number | undefined;
  #isOtherVersion = false;

  /** Nothing happens before `start`. */
  constructor({ open, timers, renew }: AlarmsLiveOptions) {
    this.#timers = timers;
    this.#renew = renew;
    this.clock = new ServerClock(() => timers.monotonicMs());
    this.life = new Current(this.#look());
    this.#link = new HubLink({
      open,
      timers,
      hasTrends: false,
      receiver: {
        hear: () => this.clock.hear(),
        receive: (event) => this.#receive(event),
        receiveBlock: () => undefined,
        receiveFrame: () => undefined,
        heldOf: () => undefined,
        setLoading: () => undefined,
        measure: (serverMs, roundTripMs) => this.#measure(serverMs, roundTripMs),
        lose: () => this.#lose(),
        refuse: (error) => this.#refuse(error),
      },
    });
  }

  start(): void {
    this.#link.start();
    this.#tick();
  }

  /** Takes in what an action was answered with. */
  learn(alarms: readonly AlarmReply[]): void {
    this.alarms.learn(alarms.map(readableAlarm));
  }

  #receive(event: HubEvent): void {
    switch (event.type) {
      case 'welcome':
        this.#isOtherVersion = false;
        this.clock.observe(event.serverMs, { delayMs: 0, errorMs: LOOSE_MS });
        this.site.set({ ...event.site, name: toPlainText(event.site.name) });
        return;
      case 'channels':
        this.channels.set(new Map(event.channels.map((channel) => [channel.name, readableChannel(channel)])));
        return;
      case 'heartbeat':
        this.clock.observe(event.serverMs, { delayMs: 0, errorMs: LOOSE_MS });
        this.heard.set(event.live);
        return;
      case 'alarm-definitions':
      case 'alarms':
      case 'alarm-flood':
        takeAlarms(this.alarms, event);
        return;
      case 'models':
      case 'subscribed':
      case 'filled':
      case 'diagnoses':
      case 'pong':
      case 'error':
        return; // of what this page does not show, or the link's own business
    }
  }

  #measure(serverMs: number, roundTripMs: number): void {
    this.#roundTripMs = roundTripMs;
    this.clock.observe(serverMs, { delayMs: roundTripMs / 2, errorMs: roundTripMs / 2 });
  }

  #lose(): void {
    this.#roundTripMs = undefined;
    this.heard.set(undefined);
    this.alarms.interrupt();
  }

  #refuse(error: unknown): void {
    if (!(error instanceof OtherVersionError)) return;
    this.#isOtherVersion = true;
    this.#renew();
  }

  #tick(): void {
    this.life.set(this.#look());
    this.#timers.after(TICK_MS, () => this.#tick());
  }

  #look(): AlarmsLife {
    const { viewMs, silentMs, isSilent } = this.clock;
    return {
      serverMs: viewMs,
      silentMs,
      isSilent,
      delayMs: this.#roundTripMs === undefined ? undefined : this.#roundTripMs / 2,
      isOtherVersion: this.#isOtherVersion,
    };
  }
}
