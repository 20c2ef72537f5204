import type { Clock } from '../base/clock.ts';
import { ListenedTime } from '../base/listened-time.ts';
import type { Diagnosis } from '../trend/diagnosis.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import type { WholeDefinition } from '../wire/alarm-definitions.ts';
import type { AlarmEvent } from '../wire/alarm-journal.ts';
import { isPresent, type SystemFigure } from '../wire/alarms.ts';
import type { AlarmCaptures } from './alarm-captures.ts';
import type { AlarmStates, AlarmTransition } from './alarm-states.ts';
import { AlarmWatch, type WatchStep } from './alarm-watch.ts';
import type { ConditionChannel } from './conditions/condition.ts';
import { createCondition } from './conditions/create-condition.ts';
import { alarmsOf, type DefinedAlarm } from './definition-alarms.ts';
import { Shelves } from './shelves.ts';
import { OffChannels, suppressionOf } from './suppression.ts';

export interface AlarmEngineOptions {
  readonly clock: Clock;
  readonly states: AlarmStates;
  readonly captures: AlarmCaptures;
  /** What the settings say of channels; alarms of these are watched from the start. */
  readonly channels: Readonly<Record<string, ConditionChannel>>;
}

interface Watched {
  readonly alarm: DefinedAlarm;
  readonly watch: AlarmWatch;
}

interface Step {
  readonly watched: Watched;
  readonly step: WatchStep;
}

/** Alarms that are watched; those beyond are refused, and counted. */
const ALARM_LIMIT = 20_000;

/** What decides whether an alarm hides those whose parent it is. */
const JUDGED: readonly AlarmEvent[] = [
  'raise',
  'clear',
  'shelve',
  'unshelve',
  'out-of-service',
  'in-service',
  'remove',
];

/**
 * Watches for all alarms that definitions make of known channels and of the
 * server, and moves their states as soon as a window, a diagnosis, an account
 * or a figure shows it.
 *
 * What comes of one window moves parents first, so that no alarm is shown that
 * its parent hides; where they return, they come last.
 */
export class AlarmEngine {
  readonly #options: AlarmEngineOptions;
  readonly #listened: ListenedTime;
  readonly #off: OffChannels;
  readonly #channels = new Set<string>(); // that devices opened since the start, or that had alarms before it
  readonly #byTag = new Map<string, Watched>();
  #byChannel = new Map<string, Watched[]>();
  #children = new Map<string, Set<string>>();
  readonly #shelves: Shelves;
  #definitions: readonly WholeDefinition[] = [];
  #refused = 0;
  #isStarting = true;

  constructor(options: AlarmEngineOptions) {
    const { clock, states } = options;
    this.#options = options;
    this.#shelves = new Shelves(clock);
    this.#listened = new ListenedTime(clock.monotonicMs());
    this.#off = new OffChannels(clock.monotonicMs());
    for (const { tag, channel, hidden } of states.defined()) {
      if (channel !== undefined) this.#channels.add(channel);
      this.#shelves.note(tag, hidden);
    }
  }

  get watched(): number {
    return this.#byTag.size;
  }

  /** Alarms that definitions make beyond the limit. */
  get refused(): number {
    return this.#refused;
  }

  /** All definitions, from now on. Alarms that none of them makes any more are removed. */
  setDefinitions(definitions: readonly WholeDefinition[]): void {
    this.#definitions = definitions;
    const exact = definitions.flatMap(({ channels }) => channels.filter((name) => !name.includes('*')));
    const channels = new Set([...Object.keys(this.#options.channels), ...exact, ...this.#channels]);
    const made = alarmsOf(definitions, [...channels]);
    const alarms = made.slice(0, ALARM_LIMIT);
    this.#refused = made.length - alarms.length;

    const tags = new Set(alarms.map(({ tag }) => tag));
    const { states, captures } = this.#options;
    for (const tag of [...states.defined()].map((alarm) => alarm.tag)) {
      if (tags.has(tag)) continue;
      captures.end(tag);
      this.#byTag.delete(tag);
      states.retire(tag);
    }
    this.#byChannel = new Map();
    this.#children = new Map();
    for (const alarm of alarms) this.#put(alarm);
    for (const { alarm } of this.#byTag.values()) this.#judge(alarm);
  }

  /** A device has opened the channel. */
  setChannel(channel: string): void {
    if (this.#channels.has(channel)) return;
    this.#channels.add(channel);
    if (this.#byChannel.has(channel)) return; // the settings or a definition name it
    for (const alarm of alarmsOf(this.#definitions, [channel])) {
      if (alarm.channel === undefined) continue;
      if (this.#byTag.size < ALARM_LIMIT) this.#put(alarm);
      else this.#refused++;
    }
  }

  take(window: TrendWindow): void {
    const { channel } = window;
    const steps: Step[] = [];
    for (const watched of this.#byChannel.get(channel) ?? []) {
      const step = watched.watch.takeWindow(window);
      if (step !== undefined) steps.push({ watched, step });
    }
    this.#applyAll(steps);
    if (this.#off.hear(channel)) this.#judgeChannel(channel);
  }

  takeDiagnosis(found: Diagnosis): void {
    this.#feed(this.#byChannel.get(found.channel), (watch) => watch.takeDiagnosis(found));
  }

  setLedger(entries: readonly LedgerEntry[]): void {
    const nowMs = this.#look();
    for (const entry of entries) {
      const { channel, live } = entry;
      this.#feed(this.#byChannel.get(channel), (watch) => watch.takeLedger(entry, nowMs));
      if (this.#off.set(channel, live, this.#options.clock.monotonicMs())) this.#judgeChannel(channel);
    }
  }

  setFigure(figure: SystemFigure, value: number): void {
    const nowMs = this.#look();
    this.#feed(this.#byChannel.get(''), (watch) =>
      watch.figure === figure ? watch.takeFigure(value, nowMs) : undefined,
    );
  }

  /** Time goes on. To be called every 100 ms. */
  tick(): void {
    const { clock, states } = this.#options;
    const nowMs = this.#look();
    this.#feed(this.#byTag.values(), (watch) => watch.tick(nowMs));
    const atMs = clock.nowMs();
    for (const { tag, untilMs } of this.#shelves.over()) states.change(tag, { event: 'unshelve', atMs, untilMs });
    const monotonicMs = clock.monotonicMs();
    for (const channel of this.#off.returned(monotonicMs)) if (this.#off.hear(channel)) this.#judgeChannel(channel);
    if (!this.#isStarting || this.#off.isStarting(monotonicMs)) return;
    this.#isStarting = false;
    for (const channel of this.#byChannel.keys()) this.#judgeChannel(channel);
  }

  /** Takes in what has become of an alarm, after everybody else. */
  follow({ entry, alarm }: AlarmTransition): void {
    const { tag, occurrence, hidden } = alarm;
    this.#shelves.note(tag, hidden);
    const watched = this.#byTag.get(tag);
    if (entry.event === 'raise' && watched !== undefined) {
      const beganNs = entry.beganNs === undefined ? undefined : BigInt(entry.beganNs);
      this.#options.captures.raise(watched.alarm, { occurrence, beganNs, isHidden: hidden.length > 0 });
    }
    const isJudged = JUDGED.includes(entry.event);
    const children = isJudged ? this.#children.get(tag) : undefined;
    for (const child of children ?? []) {
      const found = this.#byTag.get(child);
      if (found !== undefined) this.#judge(found.alarm);
    }
  }

  #put(alarm: DefinedAlarm): void {
    const { tag, channel, definition, parents } = alarm;
    const { latch, autoAcknowledgeReturns, priority, id } = definition;
    const before = this.#byTag.get(tag);
    const isSame = before !== undefined && isWatchedSame(before.alarm.definition, definition);
    if (!isSame) this.#options.captures.end(tag);
    const watched = { alarm, watch: isSame ? before.watch : this.#watchFor(alarm) };
    this.#byTag.set(tag, watched);
    const place = channel ?? ''; // no channel has an empty name
    const list = this.#byChannel.get(place);
    if (list === undefined) this.#byChannel.set(place, [watched]);
    else list.push(watched);
    for (const parent of parents) this.#children.set(parent, (this.#children.get(parent) ?? new Set()).add(tag));
    this.#options.states.define({
      ...{ tag, definition: id, priority, latch, autoAcknowledgeReturns },
      ...(channel !== undefined && { channel }),
    });
  }

  #watchFor({ definition, channel }: DefinedAlarm): AlarmWatch {
    const { channels } = this.#options;
    const settings = channel !== undefined && Object.hasOwn(channels, channel) ? channels[channel] : undefined;
    return new AlarmWatch(createCondition(definition.condition, settings ?? {}), definition);
  }

  #look(): number {
    this.#listened.look(this.#options.clock.monotonicMs());
    return this.#listened.ms;
  }

  #feed(all: Iterable<Watched> | undefined, take: (watch: AlarmWatch) => WatchStep | undefined): void {
    const steps: Step[] = [];
    for (const watched of all ?? []) {
      const step = take(watched.watch);
      if (step !== undefined) steps.push({ watched, step });
    }
    this.#applyAll(steps);
  }

  #applyAll(steps: Step[]): void {
    if (steps.length > 1) steps.sort((a, b) => this.#rank(a) - this.#rank(b));
    for (const { watched, step } of steps) this.#apply(watched.alarm, step);
  }

  #rank({ watched, step }: Step): number {
    if (!this.#children.has(watched.alarm.tag)) return 1;
    return step.event === 'clear' ? 2 : 0;
  }

  #apply(alarm: DefinedAlarm, step: WatchStep): void {
    const { states, captures, clock } = this.#options;
    const { tag } = alarm;
    const atMs = clock.nowMs();
    if (step.event === 'began') captures.begin(alarm, step.beganNs);
    else if (step.event === 'raise') {
      const before = states.find(tag);
      const comment = this.#suppressionOf(alarm);
      if (comment !== undefined) states.change(tag, { event: 'suppress', atMs, comment });
      states.change(tag, { ...step, atMs });
      if (before && isPresent(before.state)) captures.end(tag); // it was there before a restart
    } else {
      captures.end(tag);
      if (step.event === 'clear') states.change(tag, { ...step, atMs });
    }
  }

  #suppressionOf(alarm: DefinedAlarm): string | undefined {
    const { states, clock } = this.#options;
    const { channel } = alarm;
    const isOff = channel !== undefined && this.#off.isOff(channel, clock.monotonicMs()) === true;
    return suppressionOf(alarm, (tag) => states.find(tag), isOff);
  }

  #judgeChannel(channel: string): void {
    for (const { alarm } of this.#byChannel.get(channel) ?? []) this.#judge(alarm);
  }

  /** Hides or shows an alarm by design. One that is normal is hidden when it is raised, so that few are. */
  #judge(alarm: DefinedAlarm): void {
    const { states, clock } = this.#options;
    const { tag, channel, definition } = alarm;
    const state = states.find(tag)?.state;
    const atMs = clock.nowMs();
    const comment = this.#suppressionOf(alarm);
    if (comment !== undefined) {
      if (state !== 'normal') states.change(tag, { event: 'suppress', atMs, comment });
      return;
    }
    const isKnown = channel === undefined || this.#off.isOff(channel, clock.monotonicMs()) !== undefined;
    if (isKnown || !definition.suppress?.whileOff) states.change(tag, { event: 'unsuppress', atMs });
  }
}

/** Whether definitions watch for the same, so that what is under way goes on. */
function isWatchedSame(a: WholeDefinition, b: WholeDefinition): boolean {
  const key = ({ condition, onDelaySeconds, offDelaySeconds }: WholeDefinition) =>
    JSON.stringify([condition, onDelaySeconds, offDelaySeconds]);
  return key(a) === key(b);
}
