import type { ActionReply, ActionResult, AlarmAction } from '../../server/wire/alarm-actions.ts';
import type { AlarmActionKind, AlarmReply } from '../../server/wire/alarms.ts';
import { type ActionStorage, type KeptAction, KeptActions } from './kept-actions.ts';
import { Listeners, type Store } from './store.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Something to be done, with all it takes but the identifier. */
export type AlarmWish = Without<AlarmAction, 'id'>;

/** An action that is not known to be done. */
export interface DeskAction {
  readonly action: AlarmAction;
  /** `held` can still be taken back; `queued` did not get there, and is tried again. */
  readonly phase: 'held' | 'sending' | 'queued';
  /** Why it is queued, in the words of the server; undefined where it did not get there. */
  readonly why: string | undefined;
}

/** An action that was not done, or not to all its alarms, until it is read. */
export interface RefusedAction {
  readonly action: AlarmAction;
  /** Of single alarms, with what they are now. */
  readonly results: readonly ActionResult[];
  /** Of the whole: what the server says, `EXPIRED` where it could not be sent for too long, `FULL` where too many wait. */
  readonly whole: { readonly code: string; readonly message: string } | undefined;
}

/** A new object after every change. */
export interface DeskState {
  /** In the order they were asked for. */
  readonly actions: readonly DeskAction[];
  /** The newest last. */
  readonly refused: readonly RefusedAction[];
}

export interface AlarmDeskOptions {
  /** As `sendAlarmAction`. */
  readonly send: (
    action: AlarmAction,
    sending: { readonly name: string | undefined; readonly isLeaving: boolean },
  ) => Promise<
    | { readonly kind: 'answered'; readonly reply: ActionReply }
    | { readonly kind: 'refused'; readonly code: string; readonly message: string }
    | { readonly kind: 'failed'; readonly why: string | undefined }
  >;
  /** What alarms have become by what was answered. */
  readonly learn: (alarms: readonly AlarmReply[]) => void;
  readonly createId: () => string;
  /** Who signs now; undefined where nobody has given a name. */
  readonly signer: () => string | undefined;
  /** May throw. */
  readonly storage: () => ActionStorage;
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** This browser's clock, ms since 1970 UTC. */
  readonly nowMs: () => number;
  /** How long what cannot be undone may be taken back before it leaves. */
  readonly holdMs: number;
}

/** Actions that may wait; another is refused. */
export const DESK_LIMIT = 50;
/** Refusals that are kept unread; of more, the oldest are forgotten. */
const REFUSED_LIMIT = 20;
/** What could not be sent for so long is given up: nobody expects it any more. */
export const GIVE_UP_MS = 24 * 3_600_000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
const LOOK_AGAIN_MS = 2000;

// Nothing is ever un-acknowledged, and a latch that was reset is gone; the others can be said otherwise.
const IS_FINAL: Readonly<Partial<Record<AlarmActionKind, true>>> = { acknowledge: true, reset: true };

interface Waiting extends KeptAction {
  name: string | undefined;
  leavesMs: number;
  phase: DeskAction['phase'];
  why: string | undefined;
  /** While it is held. */
  callOff: (() => void) | undefined;
}

/**
 * Takes what people do about alarms to the server, one after the other in the
 * order they asked. What does not get there is kept, over a reload too, and
 * sent again with the same identifier, so that it is done once.
 */
export class AlarmDesk implements Store<DeskState> {
  readonly #options: AlarmDeskOptions;
  readonly #listeners = new Listeners();
  readonly #kept: KeptActions;
  #waiting: readonly Waiting[] = [];
  #refused: readonly RefusedAction[] = [];
  #value: DeskState = { actions: [], refused: [] };
  #failures = 0;
  #callOffRetry: (() => void) | undefined;
  #callOffLook: (() => void) | undefined;

  /** Nothing happens before `start`. */
  constructor(options: AlarmDeskOptions) {
    this.#options = options;
    this.#kept = new KeptActions(options.storage);
  }

  get value(): DeskState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** The newest action under way that names an alarm. */
  of(tag: string): DeskAction | undefined {
    return this.#value.actions.findLast(({ action }) => action.alarms.some((seen) => seen.tag === tag));
  }

  /** The newest action that was not done to an alarm, until it is read. */
  refusalOf(tag: string): RefusedAction | undefined {
    return this.#refused.findLast(({ action, results, whole }) =>
      (whole ? action.alarms : results).some((one) => one.tag === tag),
    );
  }

  /** Sends what pages before could not. */
  start(): void {
    const nowMs = this.#options.nowMs();
    const kept = this.#kept.read().filter(({ action }) => !this.#waiting.some((one) => one.action.id === action.id));
    const left = kept.filter(({ leavesMs }) => leavesMs <= nowMs).slice(0, DESK_LIMIT - this.#waiting.length);
    this.#waiting = [
      ...left.map((one): Waiting => ({ ...one, name: one.name, phase: 'queued', why: undefined, callOff: undefined })),
      ...this.#waiting,
    ];
    this.#changed();
    this.#sendNext();
    // What another page holds is its business, unless that page is gone by then.
    const heldMs = Math.max(0, ...kept.map(({ leavesMs }) => leavesMs - nowMs));
    if (heldMs > 0) this.#callOffLook = this.#options.after(heldMs + LOOK_AGAIN_MS, () => this.start());
  }

  close(): void {
    this.#callOffRetry?.();
    this.#callOffLook?.();
    for (const { callOff } of this.#waiting) callOff?.();
  }

  ask(wish: AlarmWish): void {
    const action = { ...wish, id: this.#options.createId() } as AlarmAction;
    if (this.#waiting.length >= DESK_LIMIT) {
      const message = `${this.#waiting.length} actions wait to be sent, expected fewer than ${DESK_LIMIT}`;
      this.#refuse({ action, results: [], whole: { code: 'FULL', message } });
      return;
    }
    const tags = new Set(action.alarms.map(({ tag }) => tag));
    for (const one of this.#waiting) if (one.action.alarms.some(({ tag }) => tags.has(tag))) this.#release(one);

    const askedMs = this.#options.nowMs();
    const holdMs = IS_FINAL[action.action] ? this.#options.holdMs : 0;
    const kept = { action, name: this.#options.signer(), askedMs, leavesMs: askedMs + holdMs };
    const waiting: Waiting = { ...kept, phase: 'queued', why: undefined, callOff: undefined };
    this.#waiting = [...this.#waiting, waiting];
    this.#kept.keep(kept);
    if (holdMs > 0) this.#hold(waiting, holdMs);
    this.#changed();
    this.#sendNext();
  }

  /** Takes back what is still held; whether it was. */
  takeBack(id: string): boolean {
    const held = this.#waiting.find(({ action, phase }) => action.id === id && phase === 'held');
    if (held === undefined) return false;
    held.callOff?.();
    this.#drop(held);
    this.#changed();
    return true;
  }

  /** The page is hidden, or left: what is held leaves now. Of each alarm only the oldest does, since requests overtake each other; others are kept. */
  leave(): void {
    for (const one of this.#waiting) this.#release(one);
    this.#changed();
    const passed = new Set<string>();
    for (const one of this.#waiting) {
      const tags = one.action.alarms.map(({ tag }) => tag);
      if (one.phase === 'queued' && !tags.some((tag) => passed.has(tag))) void this.#send(one, true);
      for (const tag of tags) passed.add(tag);
    }
  }

  /** The line may be better than it was. */
  retry(): void {
    this.#callOffRetry?.();
    this.#callOffRetry = undefined;
    this.#sendNext();
  }

  /** A refusal was read. */
  dismiss(id: string): void {
    this.#refused = this.#refused.filter(({ action }) => action.id !== id);
    this.#changed();
  }

  #hold(waiting: Waiting, holdMs: number): void {
    waiting.phase = 'held';
    waiting.callOff = this.#options.after(holdMs, () => {
      this.#release(waiting);
      this.#changed();
      this.#sendNext();
    });
  }

  #release(waiting: Waiting): void {
    if (waiting.phase !== 'held') return;
    waiting.callOff?.();
    waiting.phase = 'queued';
    waiting.leavesMs = Math.min(waiting.leavesMs, this.#options.nowMs());
    this.#keep(waiting);
  }

  #keep({ action, name, askedMs, leavesMs }: Waiting): void {
    this.#kept.keep({ action, name, askedMs, leavesMs });
  }

  /** Sends the oldest that may leave, unless one is under way or it is waited for a better line. */
  #sendNext(): void {
    if (this.#callOffRetry !== undefined || this.#waiting.some(({ phase }) => phase === 'sending')) return;
    const next = this.#waiting.find(({ phase }) => phase === 'queued');
    if (next !== undefined) void this.#send(next, false);
  }

  async #send(waiting: Waiting, isLeaving: boolean): Promise<void> {
    if (this.#options.nowMs() - waiting.askedMs > GIVE_UP_MS) {
      this.#giveUp(waiting);
      return;
    }
    waiting.phase = 'sending';
    this.#changed();
    const { action } = waiting;
    const answer = await this.#options.send(action, { name: waiting.name, isLeaving });
    if (answer.kind === 'failed') {
      this.#sign(waiting);
      waiting.phase = 'queued';
      waiting.why = answer.why;
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures++, 10));
      this.#callOffRetry?.();
      this.#callOffRetry = this.#options.after(delayMs, () => this.retry());
      this.#changed();
      return;
    }
    this.#failures = 0;
    this.#drop(waiting);
    if (answer.kind === 'refused') this.#refuse({ action, results: [], whole: answer });
    else this.#settle(action, answer.reply);
    this.#changed();
    this.#sendNext();
  }

  /** Who gave a name when the server first wanted one has signed it, whoever is there when it gets through. */
  #sign(waiting: Waiting): void {
    if (waiting.name !== undefined) return;
    waiting.name = this.#options.signer();
    this.#keep(waiting);
  }

  #giveUp(waiting: Waiting): void {
    const { action, why = 'it could not be sent' } = waiting;
    this.#drop(waiting);
    this.#refuse({ action, results: [], whole: { code: 'EXPIRED', message: why } });
    this.#sendNext();
  }

  #settle(action: AlarmAction, { results }: ActionReply): void {
    this.#options.learn(results.flatMap(({ alarm }) => alarm ?? []));
    const refused = results.filter(({ refusal }) => refusal !== undefined);
    if (refused.length > 0) this.#refuse({ action, results: refused, whole: undefined });
  }

  #refuse(refused: RefusedAction): void {
    this.#refused = [...this.#refused, refused].slice(-REFUSED_LIMIT);
    this.#changed();
  }

  #drop(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((one) => one !== waiting);
    this.#kept.forget(waiting.action.id);
  }

  #changed(): void {
    const actions = this.#waiting.map(({ action, phase, why }) => ({ action, phase, why }));
    this.#value = { actions, refused: this.#refused };
    this.#listeners.announce();
  }
}
