import type { AlarmPriority } from '../server/wire/alarms.ts';
import { BURST, playTone, TONES } from './sound-tones.ts';
import { Listeners, type Store } from './store/store.ts';

/** Whether alarms are heard: `off` where the browser waits for a hand on the page, `none` where it has no sound. */
export type SoundState = 'on' | 'muted' | 'off' | 'none';

/** What is to be heard. */
export interface Calling {
  /** The most urgent that nobody has acknowledged; undefined where there is none. */
  readonly priority: AlarmPriority | undefined;
  /** How many have come since it was told last. */
  readonly fresh: number;
}

export interface SoundOptions {
  /** Undefined where the browser has none. Called once, when something is first to be heard or said of it. */
  readonly open: () => AudioContext | undefined;
  /** Calls `run` once, later; returns what calls that off. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** More at once are told as a number, and heard as one tone. */
export const BURST_ALARMS = 3;

/** Sounds while an alarm is unacknowledged, again and again, by the most urgent one. */
export class AlarmSound implements Store<SoundState> {
  readonly #listeners = new Listeners();
  readonly #open: () => AudioContext | undefined;
  readonly #after: SoundOptions['after'];
  #context: AudioContext | undefined;
  #isOpened = false;
  #isMuted = false;
  #priority: AlarmPriority | undefined;
  #callOff: (() => void) | undefined;

  constructor({ open, after }: SoundOptions) {
    this.#open = open;
    this.#after = after;
  }

  get value(): SoundState {
    const context = this.#opened();
    if (!context) return 'none';
    if (context.state !== 'running') return 'off';
    return this.#isMuted ? 'muted' : 'on';
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  set isMuted(isMuted: boolean) {
    if (isMuted === this.#isMuted) return;
    this.#isMuted = isMuted;
    if (!isMuted) this.#sound();
    this.#listeners.announce();
  }

  /** A hand was on the page: the browser may allow what it did not. */
  allow(): void {
    const context = this.#opened();
    if (context?.state === 'suspended') void context.resume().catch(() => {}); // still off, as the banner says
  }

  /** Takes in what is to be heard: at once where something is new or more urgent, else when its time comes. */
  call({ priority, fresh }: Calling): void {
    const was = this.#priority;
    this.#priority = priority;
    if (priority === undefined) this.#stop();
    else if (fresh > BURST_ALARMS) this.#sound(BURST);
    else if (fresh > 0 || priority !== was) this.#sound();
  }

  close(): void {
    this.#stop();
    void this.#context?.close();
  }

  /** Plays, and again after the time of the most urgent. */
  #sound(tone: Parameters<typeof playTone>[1] | undefined = this.#priority && TONES[this.#priority]): void {
    const priority = this.#priority;
    if (priority === undefined || tone === undefined) return;
    this.#stop();
    const context = this.#opened();
    if (context && this.value === 'on') playTone(context, tone);
    this.#callOff = this.#after(TONES[priority].everyMs, () => this.#sound());
  }

  #stop(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #opened(): AudioContext | undefined {
    if (!this.#isOpened) {
      this.#isOpened = true;
      this.#context = this.#open();
      this.#context?.addEventListener('statechange', () => {
        if (this.#context?.state === 'running') this.#sound();
        this.#listeners.announce();
      });
    }
    return this.#context;
  }
}
