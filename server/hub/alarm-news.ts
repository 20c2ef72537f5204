import type { AlarmDefinitions } from '../wire/alarm-definitions.ts';
import type { AlarmFlood, AlarmReply } from '../wire/alarms.ts';
import { AlarmBacklog } from './alarm-backlog.ts';
import { type AlarmKnowledge, isKnown, NOTHING } from './alarm-knowledge.ts';
import { Landing } from './landing.ts';
import type { Viewer, ViewerCounters } from './viewer.ts';

/** Sent at most in a turn of the event loop, so that a flood holds up nothing else. */
const TURN_BYTES = 1024 * 1024;

export interface AlarmNewsOptions {
  readonly viewers: ReadonlySet<Viewer>;
  readonly counters: Pick<ViewerCounters, 'alarmsReplaced'>;
  /** Runs something when this turn of the event loop is over. */
  readonly soon: (run: () => void) => void;
}

interface Told {
  knowledge: AlarmKnowledge;
  readonly landing: Landing;
}

/**
 * Tells everyone of the alarms, whatever they are subscribed to: of all after
 * the welcome, then of every change when the turn of the event loop is over
 * in which it came. For who has no room the newest state of each alarm waits,
 * the most urgent first; those it replaces are counted. Nothing is told
 * before the definitions were set, since no alarm is known until then.
 */
export class AlarmNews {
  readonly #options: AlarmNewsOptions;
  readonly #backlog = new AlarmBacklog();
  readonly #told = new WeakMap<Viewer, Told>();
  /** Those who were not told all there is; whose turn it is comes first. */
  readonly #behind = new Set<Viewer>();
  #isOpen = false;
  #isDue = false;

  constructor(options: AlarmNewsOptions) {
    this.#options = options;
  }

  /** Viewers who have not been told all there is. */
  get behind(): number {
    return this.#behind.size;
  }

  /** Takes the whole list. Alarms that stand already must be taken before this turn is over: else they seem `normal`. */
  setDefinitions(definitions: AlarmDefinitions['definitions']): void {
    this.#isOpen = true;
    this.#backlog.setDefinitions(definitions);
    this.#later();
  }

  /** Takes what has become of an alarm; those of a tag come in their order. */
  take(alarm: AlarmReply): void {
    const before = this.#backlog.find(alarm.tag);
    for (const viewer of before ? this.#behind : []) {
      if (!isKnown(this.#toldOf(viewer).knowledge, before!)) this.#options.counters.alarmsReplaced++;
    }
    this.#backlog.take(alarm);
    this.#later();
  }

  setFlood(flood: Omit<AlarmFlood, 'type'>): void {
    this.#backlog.setFlood(flood);
    this.#later();
  }

  /** Begins to tell a new viewer of what stands. */
  greet(viewer: Viewer): void {
    if (this.#isOpen) this.#pump(viewer);
  }

  dismiss(viewer: Viewer): void {
    this.#behind.delete(viewer);
  }

  /** Tells everyone what they do not know, where there is room. */
  tell(): void {
    if (this.#isDue) for (const viewer of this.#options.viewers) this.#behind.add(viewer);
    this.#isDue = false;
    let bytes = 0;
    for (const viewer of [...this.#behind]) {
      bytes += this.#pump(viewer);
      if (bytes < TURN_BYTES) continue;
      this.#options.soon(() => this.tell());
      break;
    }
    if (this.#isOpen && this.#behind.size === 0) this.#backlog.forgetOver();
  }

  /** Takes a pong; whether it tells that something has landed. */
  land(viewer: Viewer, data: Buffer): boolean {
    if (!this.#toldOf(viewer).landing.take(data)) return false;
    this.#pump(viewer);
    return true;
  }

  #later(): void {
    if (this.#isDue || !this.#isOpen) return;
    this.#isDue = true;
    this.#options.soon(() => this.tell());
  }

  /** Tells a viewer what it has room for, which is so many bytes. */
  #pump(viewer: Viewer): number {
    const told = this.#toldOf(viewer);
    this.#behind.delete(viewer); // to the end, where it is still behind
    let bytes = 0;
    let piece = this.#backlog.next(told.knowledge);
    for (; piece !== undefined && told.landing.hasRoom(piece.bytes); piece = this.#backlog.next(told.knowledge)) {
      if (!piece.texts.every((text) => viewer.tellFresh(text))) break;
      told.landing.send(piece.bytes);
      told.knowledge = piece.after;
      bytes += piece.bytes;
      told.landing.ask(viewer);
    }
    if (viewer.endedMs !== undefined || piece === undefined) return bytes;
    this.#behind.add(viewer);
    told.landing.askNow(viewer);
    return bytes;
  }

  #toldOf(viewer: Viewer): Told {
    let told = this.#told.get(viewer);
    if (told === undefined) {
      told = { knowledge: NOTHING, landing: new Landing() };
      this.#told.set(viewer, told);
    }
    return told;
  }
}
