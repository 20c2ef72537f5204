import type { ActionRefusal } from '../wire/alarm-actions.ts';

/** What an action came to, of each alarm it named: why it was not done, or undefined where it was. */
export type Outcomes = ReadonlyMap<string, ActionRefusal | undefined>;

/** An action that changed something, as the journal has it. */
export interface DoneAction {
  readonly id: string;
  /** Server clock, ms since 1970 UTC. */
  readonly atMs: number;
  /** Of the alarms that it was done to. */
  readonly tags: readonly string[];
}

/** A phone may have been without a network for so long. */
const KEPT_MS = 24 * 3_600_000;
/** Alarms of actions that are remembered; beyond it the oldest are forgotten. */
const KEPT_OUTCOMES = 100_000;

/** What the actions of the last day came to, so that one that is told twice is done once. */
export class RecentActions {
  readonly #actions = new Map<
    string,
    { readonly atMs: number; readonly outcomes: Map<string, ActionRefusal | undefined> }
  >();
  #outcomes = 0;

  /** `done` are those that the journal has. */
  constructor(done: readonly DoneAction[]) {
    for (const { id, atMs, tags } of done) this.keep(id, atMs, new Map(tags.map((tag) => [tag, undefined])));
  }

  find(id: string): Outcomes | undefined {
    return this.#actions.get(id)?.outcomes;
  }

  /** Takes in what an action came to, besides what is known of it. */
  keep(id: string, atMs: number, outcomes: Outcomes): void {
    let action = this.#actions.get(id);
    if (action === undefined) {
      action = { atMs, outcomes: new Map() };
      this.#actions.set(id, action);
    }
    this.#outcomes -= action.outcomes.size;
    for (const [tag, refusal] of outcomes) action.outcomes.set(tag, refusal);
    this.#outcomes += action.outcomes.size;
    this.#forget(atMs);
  }

  /** Those that changed something, the oldest first. */
  done(): DoneAction[] {
    return [...this.#actions]
      .map(([id, { atMs, outcomes }]) => ({
        id,
        atMs,
        tags: [...outcomes].filter(([, refusal]) => refusal === undefined).map(([tag]) => tag),
      }))
      .filter(({ tags }) => tags.length > 0);
  }

  #forget(nowMs: number): void {
    for (const [id, { atMs, outcomes }] of this.#actions) {
      if (this.#outcomes <= KEPT_OUTCOMES && nowMs - atMs <= KEPT_MS) return;
      this.#actions.delete(id);
      this.#outcomes -= outcomes.size;
    }
  }
}
