import { AppError } from '../base/errors.ts';
import type { ActionRefusal, ActionReply, AlarmAction } from '../wire/alarm-actions.ts';
import type { AlarmActor, AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmReply } from '../wire/alarms.ts';
import {
  type AlarmChange,
  type AlarmIdentity,
  decide,
  decideAction,
  type EntryDraft,
  fold,
  newAlarm,
  type PersonalAction,
} from './alarm.ts';
import type { ClearRules } from './alarm-table.ts';
import { aboveFloor, type Numbers } from './begin-numbers.ts';
import { type EntryStore, HANGING_MS, type Stored } from './entry-store.ts';
import { HeldChanges } from './held-changes.ts';
import { type Order, takeTogether } from './orders.ts';
import type { Outcomes, RecentActions } from './recent-actions.ts';

/** A transition, and the alarm after it. */
export interface AlarmTransition {
  readonly entry: AlarmEntry;
  readonly alarm: AlarmReply;
  /** Number up to which all entries are told with this one. Those of actions come after others that have larger numbers. */
  readonly settled: number;
}

export interface AlarmStatesOptions {
  readonly journal: EntryStore;
  readonly actions: RecentActions;
  readonly numbers: Numbers;
  readonly publish: (transition: AlarmTransition) => void;
  /** Server clock, ms since 1970 UTC. */
  readonly nowMs: () => number;
  /** When the shift of a moment ends. */
  readonly shiftEndMs: (timeMs: number) => number;
}

/** Actions that wait for the disk; more are refused. */
const WAITING_ACTIONS = 1000;
/** Alarms that no definition makes any more and whose occurrences are remembered; the oldest are forgotten. */
const RETIRED_ALARMS = 20_000;

const NOTHING: Stored = { entries: [] };
const NO_RULES: ClearRules = { latch: false, autoAcknowledgeReturns: false };

interface Kept {
  readonly alarm: AlarmReply;
  /** Undefined where no definition makes it now. */
  readonly rules: ClearRules | undefined;
}

/**
 * The states of all alarms. What happens by itself is decided, published and
 * written behind at once; what people do is published when it is on the disk,
 * and what happens meanwhile to the same alarms waits, so that the journal has
 * the order of the states. Where the disk hangs, they would wait unseen: then
 * what it was given, and may write yet, is published as if it happened by itself
 * and answered once it is written. Until then nobody else can do anything.
 */
export class AlarmStates {
  readonly #options: AlarmStatesOptions;
  readonly #alarms = new Map<string, Kept>();
  #retired = 0;
  readonly #underWay = new Map<string, Promise<ActionReply>>();
  readonly #waiting: Order[] = [];
  #isActing = false;
  #isHanging = false; // something was done that is not written
  #held: HeldChanges | undefined;
  #newest: number; // of the entries that were told
  #unsettled: number | undefined; // told before the action whose entries are not
  #isClosed = false;

  constructor(options: AlarmStatesOptions) {
    this.#options = options;
    this.#newest = options.numbers.next - 1;
  }

  /** Those of the journal, before anything else. What is not over counts as defined until it is retired. */
  restore(alarms: Iterable<AlarmReply>): void {
    for (const alarm of alarms) this.#set(alarm, isOver(alarm) ? undefined : NO_RULES);
  }

  /** An alarm that a definition makes. */
  find(tag: string): AlarmReply | undefined {
    const kept = this.#alarms.get(tag);
    return kept?.rules && kept.alarm;
  }

  /** All that definitions make. */
  *defined(): Iterable<AlarmReply> {
    for (const { alarm, rules } of this.#alarms.values()) if (rules !== undefined) yield alarm;
  }

  /** All of which something is known that must outlive a restart. */
  *known(): Iterable<AlarmReply> {
    for (const { alarm } of this.#alarms.values()) if (alarm.version > 0) yield alarm;
  }

  /** Actions that wait for the disk. */
  get waiting(): number {
    return this.#underWay.size;
  }

  /** A definition makes this alarm, or has changed. */
  define(definition: AlarmIdentity): void {
    const { latch, autoAcknowledgeReturns, ...identity } = definition;
    const { tag, priority } = identity;
    if (this.#held?.hold(tag, { event: 'define', identity: definition })) return;
    const before = this.#alarms.get(tag)?.alarm;
    const alarm = before === undefined || before.version === 0 ? newAlarm(identity) : before; // nobody has heard of the former
    this.#set(alarm, { latch, autoAcknowledgeReturns });
    this.change(tag, { event: 'redefine', priority, atMs: this.#options.nowMs() });
  }

  /** No definition makes it any more. */
  retire(tag: string): void {
    if (this.#alarms.get(tag)?.rules === undefined) return;
    this.change(tag, { event: 'remove', atMs: this.#options.nowMs() });
  }

  /** Something happens to an alarm by itself. */
  change(tag: string, change: AlarmChange): void {
    if (this.#isClosed || this.#held?.hold(tag, change)) return;
    const kept = this.#alarms.get(tag);
    if (kept?.rules === undefined) return;
    const draft = decide(kept.alarm, kept.rules, change);
    const entry = draft && this.#options.journal.keep(aboveFloor(draft, kept.alarm, this.#options.numbers));
    const rules = change.event === 'remove' ? undefined : kept.rules;
    this.#set(entry === undefined ? kept.alarm : fold(kept.alarm, entry), rules);
    if (entry !== undefined) this.#publish(entry);
  }

  /**
   * Does what somebody asks for. Resolves when it is in the journal. Rejects
   * with `STORAGE_FAILED` where it cannot be written; then nothing is done.
   */
  act(action: AlarmAction, actor: AlarmActor): Promise<ActionReply> {
    const same = this.#underWay.get(action.id);
    if (same !== undefined) return same;
    if (this.#underWay.size >= WAITING_ACTIONS) {
      const message = `${WAITING_ACTIONS} actions wait for the disk, expected fewer: nothing is done`;
      return Promise.reject(new AppError('STORAGE_FAILED', message));
    }
    const done = new Promise<ActionReply>((resolve, reject) => {
      this.#waiting.push({ action, actor, resolve, reject });
    });
    this.#underWay.set(action.id, done);
    if (!this.#isActing) void this.#actOnAll();
    return done;
  }

  /** Nothing happens by itself any more, since nobody would write it. */
  close(): void {
    this.#isClosed = true;
  }

  // All that came while others were written are written together.
  async #actOnAll(): Promise<void> {
    this.#isActing = true;
    while (this.#waiting.length > 0) await this.#actOn(takeTogether(this.#waiting));
    this.#isActing = false;
  }

  async #actOn(orders: readonly Order[]): Promise<void> {
    try {
      if (this.#isHanging) {
        throw new AppError('STORAGE_FAILED', `the disk takes longer than ${HANGING_MS / 1000} s: nothing is done`);
      }
      const atMs = this.#options.nowMs();
      const { outcomes, drafts } = this.#decideAll(orders, atMs);
      this.#held = new HeldChanges(drafts.map(({ tag }) => tag));
      this.#unsettled = this.#newest;
      const { entries, written } = drafts.length === 0 ? NOTHING : await this.#options.journal.store(drafts);
      for (const entry of entries) {
        const { alarm, rules } = this.#alarms.get(entry.tag)!;
        this.#set(fold(alarm, entry), rules);
        if (entry === entries.at(-1)) this.#unsettled = undefined;
        this.#publish(entry);
      }
      for (const [i, { action }] of orders.entries()) this.#options.actions.keep(action.id, atMs, outcomes[i]!);
      this.#isHanging = written !== undefined;
      if (written === undefined) this.#answer(orders, outcomes);
      else void written.then(() => this.#answer(orders, outcomes));
    } catch (error) {
      for (const { action, reject } of orders) {
        this.#underWay.delete(action.id);
        reject(error);
      }
    }
    const held = this.#held;
    this.#held = undefined;
    this.#unsettled = undefined;
    for (const { tag, change } of held?.take() ?? []) {
      if (change.event === 'define') this.define(change.identity);
      else this.change(tag, change);
    }
  }

  #answer(orders: readonly Order[], outcomes: readonly Outcomes[]): void {
    this.#isHanging = false;
    for (const [i, { action, resolve }] of orders.entries()) {
      this.#underWay.delete(action.id);
      resolve(this.#reply(action, outcomes[i]!));
    }
  }

  #decideAll(orders: readonly Order[], atMs: number) {
    const drafts: EntryDraft[] = [];
    const ahead = new Map<string, AlarmReply>(); // alarms as they are once this is done
    const outcomes = orders.map(({ action, actor }): Outcomes => {
      const untilMs = this.#untilMs(action, atMs);
      return new Map(
        action.alarms.map(({ tag, ...seen }) => {
          const { id, action: kind, comment } = action;
          const outcome = this.#decide(tag, ahead.get(tag), { id, action: kind, seen, actor, atMs, comment, untilMs });
          if (typeof outcome !== 'object') return [tag, outcome] as const;
          drafts.push(outcome);
          ahead.set(tag, fold(ahead.get(tag) ?? this.find(tag), outcome));
          return [tag, undefined] as const;
        }),
      );
    });
    return { outcomes, drafts };
  }

  #decide(
    tag: string,
    ahead: AlarmReply | undefined,
    { untilMs, ...wish }: Omit<PersonalAction, 'action'> & { action: AlarmAction['action']; untilMs: number },
  ): EntryDraft | ActionRefusal | undefined {
    const before = this.#options.actions.find(wish.id);
    if (before?.has(tag)) return before.get(tag);
    const kept = this.#alarms.get(tag);
    if (kept?.rules === undefined) return 'ALARM_UNKNOWN';
    const { action, ...rest } = wish;
    const asked: PersonalAction = action === 'shelve' ? { ...rest, action, untilMs } : { ...rest, action };
    const alarm = ahead ?? kept.alarm;
    const outcome = decideAction(alarm, kept.rules, asked);
    return typeof outcome === 'object' ? aboveFloor(outcome, alarm, this.#options.numbers) : outcome;
  }

  #untilMs(action: AlarmAction, atMs: number): number {
    if (action.action !== 'shelve') return atMs;
    return action.until === 'end-of-shift' ? this.#options.shiftEndMs(atMs) : atMs + action.until.seconds * 1000;
  }

  #reply({ id, alarms }: AlarmAction, outcomes: Outcomes): ActionReply {
    const results = alarms.map(({ tag }) => {
      const refusal = outcomes.get(tag);
      const alarm = this.find(tag);
      return { tag, ...(refusal && { refusal }), ...(alarm && { alarm }) };
    });
    return { id, results };
  }

  #set(alarm: AlarmReply, rules: ClearRules | undefined): void {
    const before = this.#alarms.get(alarm.tag);
    if (before !== undefined && before.rules === undefined) this.#retired--;
    if (rules === undefined) {
      this.#alarms.delete(alarm.tag); // the newest of them are the last
      this.#retired++;
    }
    this.#alarms.set(alarm.tag, { alarm, rules });
    if (this.#retired > RETIRED_ALARMS) this.#forget();
  }

  #forget(): void {
    for (const [tag, { rules }] of this.#alarms) {
      if (rules !== undefined) continue;
      this.#alarms.delete(tag);
      this.#retired--;
      return;
    }
  }

  #publish(entry: AlarmEntry): void {
    this.#newest = Math.max(this.#newest, entry.number);
    const settled = this.#unsettled ?? this.#newest;
    this.#options.publish({ entry, alarm: this.#alarms.get(entry.tag)!.alarm, settled });
  }
}

/** Whether it is simply normal: nobody has anything to do about it. */
export function isOver({ state, hidden }: AlarmReply): boolean {
  return state === 'normal' && hidden.length === 0;
}
