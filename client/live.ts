import { DecimateKernel, KernelRoom } from '../server/kernels/decimate-kernel.ts';
import type { DiagnosisModel } from '../server/wire/diagnoses.ts';
import type { HubEvent, Welcome } from '../server/wire/events.ts';
import type { TrendBlock } from '../server/wire/trend-frame.ts';
import { takeAlarms } from './alarm-hearing.ts';
import { COLUMN_LIMIT } from './charts/trend-source.ts';
import { Diagnosing } from './diagnosing.ts';
import { toPlainText } from './locale/plain-text.ts';
import { HubLink, type LinkSocket, type LinkTimers, OtherVersionError } from './net/hub-link.ts';
import type { ChannelWish } from './net/past.ts';
import { readableChannel } from './readable-channel.ts';
import { AlarmStore } from './store/alarms.ts';
import { FleetStore } from './store/fleet-store.ts';
import { type HistoryOptions, HistoryStore } from './store/history-store.ts';
import { LifeStore } from './store/life-store.ts';
import { Refill } from './store/refill.ts';
import { LEAST_ROWS } from './store/row-room.ts';
import { ServerClock } from './store/server-clock.ts';
import { Current } from './store/store.ts';

const TICK_MS = 250;

// Of a memory that channels share which find no more room for ten minutes: fifty of them or so.
const SMALL_BYTES = 16 << 20;

// How long a word of the server that was not asked for may have been under way.
const LOOSE_MS = 1000;

/** What the hub said of itself. */
export type Site = Pick<Welcome, 'site' | 'version' | 'epoch'>;

export interface LiveOptions {
  readonly kernels: WebAssembly.Module;
  /** Connects to the hub's path. */
  readonly open: () => LinkSocket;
  readonly timers: LinkTimers;
  /** Asks the server for the past. */
  readonly history: Pick<HistoryOptions, 'load' | 'list' | 'diagnoses'>;
  /** Gets the page of another version of the server, if there is one. */
  readonly renew: () => void;
}

/** The live data of this page: the stores, and the one connection that fills them. */
export class Live {
  /** The compiled kernels, for whatever else on the page reduces. */
  readonly kernels: WebAssembly.Module;
  readonly clock: ServerClock;
  readonly fleet: FleetStore;
  readonly life: LifeStore;
  readonly history: HistoryStore;
  readonly diagnosing: Diagnosing;
  readonly alarms = new AlarmStore();
  /** `Heartbeat.boards`; undefined before it was told. */
  readonly boards = new Current<number | undefined>(undefined);
  /** The hub's welcome; undefined before the first. */
  readonly site = new Current<Site | undefined>(undefined);
  readonly #link: HubLink;
  readonly #refill: Refill;
  readonly #timers: LinkTimers;
  readonly #renew: () => void;
  #roundTripMs = 0;
  /** Times that sample clocks were set back. */
  #stepped = 0;
  #cancelTick: (() => void) | undefined;

  /** Nothing happens before `start`. */
  constructor({ kernels, open, timers, history, renew }: LiveOptions) {
    this.kernels = kernels;
    this.#timers = timers;
    this.#renew = renew;
    this.clock = new ServerClock(() => timers.monotonicMs());
    const small = new KernelRoom(kernels, SMALL_BYTES);
    const createKernel = (capacity: number) =>
      new DecimateKernel(kernels, {
        capacity,
        maxColumns: COLUMN_LIMIT,
        room: capacity <= LEAST_ROWS ? small : undefined,
      });
    this.fleet = new FleetStore({ clock: this.clock, createKernel });
    this.life = new LifeStore({ clock: this.clock, fleet: this.fleet });
    const after = (delayMs: number, run: () => void) => timers.after(delayMs, run);
    this.history = new HistoryStore({ ...history, createKernel, after });
    this.diagnosing = new Diagnosing({ clock: this.clock, diagnoses: this.fleet.diagnoses, after });
    this.#refill = new Refill({ load: history.load, after });
    this.#link = new HubLink({
      open,
      timers,
      hasTrends: true,
      receiver: {
        hear: () => this.clock.hear(),
        receive: (event, isOtherLife) => this.#receive(event, isOtherLife),
        receiveBlock: (name, block, sentMs) => this.#receiveBlock(name, block, sentMs),
        receiveFrame: () => this.life.countFrame(),
        heldOf: (name) => this.fleet.find(name)?.ledger,
        setLoading: (names) => this.fleet.setLoading(names),
        measure: (serverMs, roundTripMs) => this.#measure(serverMs, roundTripMs),
        lose: () => {
          this.life.countReconnect();
          this.fleet.diagnoses.interrupt();
          this.alarms.interrupt();
        },
        refuse: (error) => this.#refuse(error),
      },
    });
  }

  /** Points that the hub had no more and the history gave. */
  get refilled(): number {
    return this.#refill.found;
  }

  /** Whether the history is still asked for some. */
  get isRefilling(): boolean {
    return this.#refill.isBusy;
  }

  start(): void {
    this.#link.start();
    this.#tick();
  }

  close(): void {
    this.#cancelTick?.();
    this.#refill.close();
    this.diagnosing.close();
    this.#link.close();
  }

  /** Declares how much of the past of which channels the page wants, whole. The present of all comes anyway. */
  wish(wishes: readonly ChannelWish[]): void {
    this.#link.wish(wishes);
  }

  #receive(event: HubEvent, isOtherLife: boolean): void {
    switch (event.type) {
      case 'welcome':
        this.life.welcome();
        if (isOtherLife) {
          this.life.restart();
          this.fleet.restart();
          this.diagnosing.restart();
        }
        this.clock.observe(event.serverMs, { delayMs: 0, errorMs: LOOSE_MS });
        this.life.tick();
        this.site.set({ ...event, site: { ...event.site, name: toPlainText(event.site.name) } });
        return;
      case 'models':
        this.diagnosing.setModels(event.models.map(readableModel));
        return;
      case 'channels':
        this.fleet.setChannels(event.channels.map(readableChannel));
        this.diagnosing.setChannels(event.channels);
        return;
      case 'subscribed':
        for (const { name, next, gone } of event.channels) {
          this.fleet.find(name)?.begin(next);
          if (gone) this.fleet.find(name)?.losses.name(gone.from, gone.to);
        }
        this.life.setSubscribed(event.channels, event.coarseness);
        return;
      case 'diagnoses':
        this.diagnosing.add(event.diagnoses);
        return;
      case 'heartbeat':
        this.clock.observe(event.serverMs, { delayMs: 0, errorMs: LOOSE_MS });
        for (const pulse of event.channels) this.fleet.find(pulse.name)?.setPulse(pulse);
        this.life.beat(event);
        if (event.boards !== this.boards.value) this.boards.set(event.boards);
        return;
      case 'filled':
        for (const { name, from, to } of event.gone) this.fleet.find(name)?.losses.name(from, to);
        return;
      case 'alarm-definitions':
      case 'alarms':
      case 'alarm-flood':
        takeAlarms(this.alarms, event);
        return;
      case 'pong':
      case 'error':
        return; // the link's own business
    }
  }

  #refuse(error: unknown): void {
    if (!(error instanceof OtherVersionError)) {
      this.life.countMalformed();
      return;
    }
    this.life.refuseVersion();
    if (!this.fleet.value.isFrozen) this.#renew(); // else someone looks at what would be gone
  }

  #measure(serverMs: number, roundTripMs: number): void {
    this.#roundTripMs = roundTripMs;
    this.clock.observe(serverMs, { delayMs: roundTripMs / 2, errorMs: roundTripMs / 2 });
  }

  #receiveBlock(name: string, block: TrendBlock, sentMs: number): void {
    const delayMs = sentMs - block.arrivedMs + this.#roundTripMs / 2;
    this.life.observeBlock(name, { lastSeq: block.lastSeq, delayMs });
    this.fleet.find(name)?.add(block);
    this.diagnosing.take(name, block);
  }

  #tick(): void {
    const { channels } = this.fleet.value;
    for (const channel of channels) this.#refill.add(channel, channel.takeLosses());
    const stepped = channels.reduce((sum, { streams }) => sum + streams.stepped, 0);
    if (stepped > this.#stepped) this.history.renew(); // a history may begin and end elsewhere
    this.#stepped = stepped;
    this.fleet.tick();
    this.life.tick();
    this.#cancelTick = this.#timers.after(TICK_MS, () => this.#tick());
  }
}

/** A model in words that can be shown anywhere; its classes by their labels where nothing of their names can be seen. */
function readableModel(model: DiagnosisModel): DiagnosisModel {
  const { reason, about } = model;
  const classes = about?.classes.map(({ label, name, ...looks }) => {
    const named = (text: string) => toPlainText(text) || toPlainText(label);
    return { ...looks, label, name: { en: named(name.en), ko: named(name.ko) } };
  });
  return {
    ...model,
    ...(reason !== undefined && { reason: toPlainText(reason) }),
    ...(about && classes && { about: { ...about, classes } }),
  };
}
