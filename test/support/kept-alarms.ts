import { randomUUID } from 'node:crypto';
import { AlarmStates, type AlarmTransition } from '../../server/alarms/alarm-states.ts';
import { beginNumbers } from '../../server/alarms/begin-numbers.ts';
import { Journal } from '../../server/alarms/journal.ts';
import type { JournalLog } from '../../server/alarms/journal-log.ts';
import { RecentActions } from '../../server/alarms/recent-actions.ts';
import { restoreJournal } from '../../server/alarms/restore-journal.ts';
import type { AlarmAction } from '../../server/wire/alarm-actions.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { FakeClock } from './fake-clock.ts';
import { silentLog } from './silent-log.ts';

export const KIM = { name: 'Kim', address: '10.0.0.7' };
const DAY_MS = 86_400_000;

/** States of alarms with their journal, as after a start. */
export interface KeptAlarms {
  readonly clock: FakeClock;
  readonly states: AlarmStates;
  readonly journal: Journal;
  /** What was published since the start. */
  readonly published: AlarmTransition[];
  /** Also tells somebody of what is published. */
  follow(take: (transition: AlarmTransition) => void): void;
}

/** Starts on a log: of alarms that are `defined`, and what the log says of them. */
export async function keepAlarms(
  log: JournalLog,
  defined: readonly string[] = [],
  clock = new FakeClock(),
): Promise<KeptAlarms> {
  const { alarms, actions: done, bytes, ...ended } = await restoreJournal(log, 0);
  const numbers = await beginNumbers(log, ended, 0, clock.nowMs());
  const actions = new RecentActions(done);
  const published: AlarmTransition[] = [];
  const followers: ((transition: AlarmTransition) => void)[] = [];
  const nowMs = () => clock.nowMs();
  const journal = new Journal({
    ...{ log, logger: silentLog(), numbers, sinceCheckpoint: bytes, clock },
    known: () => ({ alarms: [...states.known()], actions: actions.done() }),
    limits: { keepMs: 3660 * DAY_MS, keepBytes: 512 << 20 },
  });
  const states: AlarmStates = new AlarmStates({
    ...{ journal, actions, nowMs, numbers },
    publish: (transition) => {
      published.push(transition);
      for (const take of followers) take(transition);
    },
    shiftEndMs: (timeMs) => timeMs + 3_600_000,
  });
  states.restore(alarms);
  for (const tag of defined) define(states, tag);
  return { clock, states, journal, published, follow: (take) => followers.push(take) };
}

export function define(states: AlarmStates, tag: string, more: { readonly latch?: boolean } = {}): void {
  const [definition = '', channel] = tag.split(':');
  states.define({
    ...{ tag, definition, priority: 'high', latch: false, autoAcknowledgeReturns: false },
    ...(channel !== undefined && { channel }),
    ...more,
  });
}

export function raise({ states, clock }: KeptAlarms, tag: string): void {
  states.change(tag, { event: 'raise', atMs: clock.nowMs(), finding: { value: 1, limit: 0.5 } });
}

export function clear({ states, clock }: KeptAlarms, tag: string): void {
  states.change(tag, { event: 'clear', atMs: clock.nowMs() });
}

/** What somebody does about alarms as they are seen. */
export function actionOn(alarms: readonly (AlarmReply | undefined)[], more: Partial<AlarmAction> = {}): AlarmAction {
  const seen = alarms.map((alarm) => ({ tag: alarm!.tag, occurrence: alarm!.occurrence, version: alarm!.version }));
  return { id: randomUUID(), action: 'acknowledge', alarms: seen, ...more } as AlarmAction;
}

/** All alarms that are known, by tag. */
export function knownOf({ states }: KeptAlarms): AlarmReply[] {
  return [...states.known()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
