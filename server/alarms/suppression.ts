import { type AlarmReply, isPresent } from '../wire/alarms.ts';
import type { DefinedAlarm } from './definition-alarms.ts';

/** How a channel that has just come back is taken to be on, where no window comes, ms. */
const RETURN_MS = 3000;
/** Channels that were not heard of for so long after the start are off, ms. */
const START_MS = 30_000;
/** What is told of alarms that are hidden because their channel is off. */
export const CHANNEL_OFF = 'channel off';

/**
 * Which channels are off: no device is connected. One that comes back is on
 * from its first window, which judges its alarms before they are shown. After a
 * start nothing is known of a channel until it is heard of.
 */
export class OffChannels {
  readonly #channels = new Map<string, { readonly isOff: boolean | undefined; readonly returnedMs?: number }>();
  readonly #startMs: number;

  /** Times are ms of a clock that never steps. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** Undefined where it is not known yet. */
  isOff(channel: string, nowMs: number): boolean | undefined {
    const known = this.#channels.get(channel);
    return known === undefined && !this.isStarting(nowMs) ? true : known?.isOff;
  }

  isStarting(nowMs: number): boolean {
    return nowMs - this.#startMs < START_MS;
  }

  /** A device is connected to the channel, or none is. True where that makes it off. */
  set(channel: string, isLive: boolean, nowMs: number): boolean {
    const before = this.#channels.get(channel);
    if (!isLive) {
      this.#channels.set(channel, { isOff: true });
      return before?.isOff !== true;
    }
    if (before?.isOff !== false)
      this.#channels.set(channel, { isOff: before?.isOff, returnedMs: before?.returnedMs ?? nowMs });
    return false;
  }

  /** A window of the channel has been judged. True where it is on since. */
  hear(channel: string): boolean {
    const known = this.#channels.get(channel);
    if (known !== undefined && known.returnedMs === undefined) return false;
    this.#channels.set(channel, { isOff: false });
    return true;
  }

  /** Channels that came back without a window. */
  returned(nowMs: number): string[] {
    const late = [...this.#channels].filter(
      ([, { returnedMs }]) => returnedMs !== undefined && nowMs - returnedMs >= RETURN_MS,
    );
    return late.map(([channel]) => channel);
  }
}

/**
 * Why an alarm is hidden by design, in words; undefined where nothing hides
 * it. A parent that is shelved or out of service hides nothing: nobody sees it,
 * or what it says is not believed.
 */
export function suppressionOf(
  { parents, definition }: DefinedAlarm,
  find: (tag: string) => AlarmReply | undefined,
  isOff: boolean,
): string | undefined {
  for (const parent of parents) {
    const alarm = find(parent);
    if (alarm === undefined || !isPresent(alarm.state)) continue;
    if (alarm.hidden.every(({ reason }) => reason === 'suppressed-by-design')) return parent;
  }
  return definition.suppress?.whileOff && isOff ? CHANNEL_OFF : undefined;
}
