import { ALARM_PRIORITIES, type AlarmReply } from '../server/wire/alarms.ts';
import { endsMute, isMutedUntil } from './mute.ts';
import { AlarmSound } from './sound.ts';
import type { AlarmState } from './store/alarms.ts';
import { NewAlarms } from './store/new-alarms.ts';

/** What a page sees of the alarms. */
export interface AlarmLook {
  readonly alarms: Pick<AlarmState, 'shown' | 'isKnown'>;
  /** That the server is silent calls as a critical alarm does. */
  readonly isSilent: boolean;
  /** The server's clock; undefined before it first spoke. */
  readonly serverMs: number | undefined;
  /** As `Choices`. */
  readonly mutedUntilMs: number;
}

/** Sounds for what nobody has acknowledged, on any page: what is new since the last look, and whether that ends what was muted. */
export class AlarmCalls {
  readonly sound = new AlarmSound({
    open: () => (typeof AudioContext === 'undefined' ? undefined : new AudioContext()),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
  readonly #fresh = new NewAlarms();
  #wasKnown = false;
  #wasSilent = false;

  look({ alarms, isSilent, serverMs, mutedUntilMs: untilMs }: AlarmLook): {
    readonly fresh: readonly AlarmReply[];
    readonly endsMute: boolean;
  } {
    const fresh = this.#fresh.take(alarms.shown);
    const calling = alarms.shown.filter(({ state }) => state === 'unacknowledged').map(({ priority }) => priority);
    const nowMs = Date.now();
    const isEnded =
      endsMute(fresh, { untilMs, nowMs, serverMs, isFirst: !this.#wasKnown }) || (isSilent && !this.#wasSilent);
    this.#wasKnown = alarms.isKnown;
    this.#wasSilent = isSilent;
    this.sound.isMuted = !isEnded && isMutedUntil(untilMs, nowMs);
    this.sound.call({
      priority: isSilent ? 'critical' : ALARM_PRIORITIES.find((priority) => calling.includes(priority)),
      fresh: fresh.length,
    });
    return { fresh, endsMute: isEnded && untilMs !== 0 };
  }
}
