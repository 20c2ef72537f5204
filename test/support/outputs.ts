import type { Destination } from '../../server/notify/destination.ts';
import { type AlarmMessage, messageId, toMessage } from '../../server/notify/message.ts';
import { Outbox, type OutboxOptions } from '../../server/notify/outbox.ts';
import { timeBox } from '../../server/notify/time-box.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { alarmEntry } from './alarm-entries.ts';
import { FakeClock } from './fake-clock.ts';
import { silentLog } from './silent-log.ts';

const DAY_MS = 86_400_000;

/** A message of an entry, of which nothing is given that the entry does not say. */
export function alarmMessage(given: Partial<AlarmEntry> = {}): AlarmMessage {
  const entry = alarmEntry(given);
  const { tag, definition, channel, priority, state, occurrence, version } = entry;
  const alarm = { tag, definition, priority, state, occurrence, version, hidden: [], raisedMs: 1000 };
  return toMessage({ entry, alarm: channel === undefined ? alarm : { ...alarm, channel } });
}

/** A destination that a test speaks for: by default it takes everything. */
export class FakeDestination implements Destination {
  readonly kind = 'webhook';
  readonly isOnceEach = true;
  readonly gatherMs = 0;
  readonly name: string;
  readonly together: number;
  /** Identifiers of what was taken, in order. */
  readonly taken: string[] = [];
  readonly tries: number[] = [];
  /** What becomes of messages; they are taken where it resolves. */
  answer: (messages: readonly AlarmMessage[]) => Promise<void> = () => Promise.resolve();
  outage: Destination['outage'];
  readonly #wants: (message: AlarmMessage) => boolean;

  constructor(name = 'ops', together = 3, wants: (message: AlarmMessage) => boolean = () => true) {
    this.name = name;
    this.together = together;
    this.#wants = wants;
  }

  wants(message: AlarmMessage): boolean {
    return this.#wants(message);
  }

  async deliver(messages: readonly AlarmMessage[], signal: AbortSignal): Promise<void> {
    this.tries.push(messages.length);
    await timeBox(DAY_MS, signal, () => this.answer(messages));
    this.taken.push(...messages.map(messageId));
  }

  async close(): Promise<void> {}
}

/** An outbox whose waits move its clock at once. */
export async function openOutbox(
  options: Pick<OutboxOptions, 'store' | 'destinations'> & Partial<OutboxOptions>,
): Promise<{ readonly outbox: Outbox; readonly clock: FakeClock }> {
  const clock = new FakeClock();
  const sleep = async (ms: number) => {
    clock.advance(ms);
    await new Promise(setImmediate);
  };
  const outbox = await Outbox.open({ clock, log: silentLog(), sleep, chance: () => 0.5, ...options });
  return { outbox, clock };
}

/** How many messages were delivered or given up, of all destinations. */
export function handledBy(outbox: Outbox): number {
  return outbox.status().destinations.reduce((sum, { delivered, givenUp }) => sum + delivered + givenUp, 0);
}

/** Offers so many messages, of so many alarms by turns; returns their identifiers. */
export function offer(
  outbox: { offer(message: AlarmMessage, number: number): void },
  count: number,
  alarms: number,
  from = 0,
) {
  return Array.from({ length: count }, (_, i) => {
    const message = alarmMessage({ tag: `a${i % alarms}:c`, version: from + i + 1 });
    outbox.offer(message, from + i);
    return messageId(message);
  });
}
