import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Config } from '../config.ts';
import { AppendLog } from '../durable/append-log.ts';
import type { WholeDefinition } from '../wire/alarm-definitions.ts';
import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmReply } from '../wire/alarms.ts';
import type { OutputsReply } from '../wire/outputs.ts';
import type { Destination } from './destination.ts';
import type { MailOptions } from './mail.ts';
import { type AlarmMessage, standing, type Transition, toMessage } from './message.ts';
import type { MqttOptions } from './mqtt.ts';
import { Outbox } from './outbox.ts';
import { PushDesk } from './push-desk.ts';
import { Webhook } from './webhook.ts';

export interface OutputsOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

type OutputsConfig = Pick<Config, 'notify' | 'site' | 'storage' | 'channels'>;
type Definition = Omit<WholeDefinition, 'inherits' | 'channels'>;
/** With it all entries of the journal up to number `settled` are told. */
type Told = Transition & { readonly settled: number };

const SEGMENT_BYTES = 2 << 20;
const NONE: OutputsReply = { destinations: [], unstored: 0, bytes: 0, damaged: 0 };

/**
 * Tells destinations of the settings what becomes of alarms. Nothing waits for
 * them: what they have not taken is kept for them.
 */
export class Outputs {
  readonly #config: OutputsConfig;
  readonly #options: OutputsOptions;
  #isUsed: boolean;
  #outbox: Outbox | undefined;
  #definitions: ReadonlyMap<string, Definition> | undefined;
  /** The browsers that are told, and what they ask for. */
  readonly push: PushDesk;
  #held: Told[] = []; // until the outbox and the definitions are there
  #restored: readonly Told[] = [];
  #standing: readonly AlarmReply[] = [];

  constructor(config: OutputsConfig, options: OutputsOptions) {
    this.#config = config;
    this.#options = options;
    this.push = new PushDesk(config, options);
    const { webhooks, mqtt, mail, push } = config.notify;
    this.#isUsed = webhooks.length > 0 || mqtt.url !== '' || mail.host !== '' || push.private_key !== '';
  }

  /** Goes on where the server ended. Where the storage directory is not ours, for that `lack`, nothing is kept. Never rejects. */
  async open(lack: string | undefined): Promise<void> {
    const { clock, log } = this.#options;
    const destinations = [...(await this.#destinations()), ...(await this.push.open(lack))];
    if (destinations.length === 0) return this.#holdNothing();
    this.#outbox = await Outbox.open({
      store: lack === undefined ? await this.#openStore() : undefined,
      destinations,
      clock,
      log,
    });
    this.#release();
  }

  /** Number of an entry that was told before the server ended; 0 where none was. */
  get told(): number {
    return this.#outbox?.taken ?? 0;
  }

  /**
   * What the journal had at the start, in order, and what alarms came to: those entries are told that were not offered
   * before the server ended, and destinations that are new are told what stands.
   */
  restore(entries: readonly AlarmEntry[], alarms: readonly AlarmReply[]): void {
    if (!this.#isUsed) return;
    this.#standing = alarms.filter(({ state, hidden }) => state !== 'normal' || hidden.length > 0);
    const after = new Map(alarms.map((alarm) => [alarm.tag, alarm]));
    this.#restored = entries.flatMap((entry) => {
      const alarm = after.get(entry.tag);
      return alarm === undefined ? [] : { entry, alarm, settled: entry.number };
    });
  }

  /** From now on these are all definitions. */
  setDefinitions(definitions: readonly Definition[]): void {
    this.#definitions = new Map(definitions.map((definition) => [definition.id, definition]));
    this.#release();
  }

  take(transition: Told): void {
    if (!this.#isUsed) return;
    if (this.#outbox === undefined || this.#definitions === undefined) this.#held.push(transition);
    else this.#offer(transition);
  }

  /** Destinations that nothing is delivered to. */
  get failing(): number {
    return this.#outbox?.failing ?? 0;
  }

  figures(): OutputsReply {
    const push = this.push.figures();
    return { ...(this.#outbox?.status() ?? NONE), ...(push && { push }) };
  }

  /** Why destinations do not hear of alarms, in words. */
  problems(): string[] {
    const { destinations, problem } = this.figures();
    const failing = destinations.filter(({ isFailing }) => isFailing);
    const refusing = destinations.filter(({ refused }) => refused > 0);
    return [
      ...failing.map((to) => `alarms are not delivered to ${to.kind} ${to.name}: ${to.problem}`),
      ...refusing.map(
        (to) => `${to.refused} messages about alarms are refused by ${to.kind} ${to.name}: ${to.problem}`,
      ),
      ...(problem === undefined ? [] : [`messages about alarms cannot be kept: ${problem}`]),
      ...this.push.problems(),
    ];
  }

  /** What is not delivered waits for the next start. */
  async close(): Promise<void> {
    await this.#outbox?.close();
    await this.push.close();
  }

  // Nobody is there to be told.
  #holdNothing(): void {
    this.#isUsed = false;
    this.#held = [];
    this.#restored = [];
    this.#standing = [];
  }

  #release(): void {
    if (this.#outbox === undefined || this.#definitions === undefined) return;
    const { taken } = this.#outbox;
    const missed = this.#restored.filter(({ entry }) => taken !== undefined && entry.number > taken);
    for (const transition of missed) this.#offer(transition);
    const settled = this.#outbox.taken ?? this.#restored.at(-1)?.settled ?? 0;
    for (const alarm of this.#standing) this.#outbox.greet(this.#messageOf(standing(alarm)), settled);
    this.#restored = [];
    this.#standing = [];
    for (const transition of this.#held.splice(0)) this.#offer(transition);
  }

  #offer(transition: Told): void {
    this.#outbox!.offer(this.#messageOf(transition), transition.settled);
  }

  #messageOf(transition: Transition): AlarmMessage {
    const { definition, channel } = transition.entry;
    const label = channel === undefined ? undefined : this.#config.channels[channel]?.label;
    return toMessage(transition, this.#definitions!.get(definition), label);
  }

  async #destinations(): Promise<Destination[]> {
    const { notify, site } = this.#config;
    const { clock, log } = this.#options;
    const { mqtt, mail, languages, external_url: externalUrl } = notify;
    const common = { site: site.name, externalUrl, nowMs: () => clock.nowMs() };
    const destinations: Destination[] = notify.webhooks.map((settings) => new Webhook({ ...common, settings }));
    // Their packages are loaded where they are used.
    if (mqtt.url !== '') destinations.push(await openMqtt({ settings: mqtt, clock, log }));
    if (mail.host !== '') {
      const text = { site: site.name, timeZone: site.time_zone, languages, externalUrl };
      for (const recipient of mail.to)
        destinations.push(await openMail({ settings: mail, recipient, name: mailName(recipient, mail.to), text }));
    }
    return destinations;
  }

  async #openStore(): Promise<AppendLog | undefined> {
    const { log } = this.#options;
    const folder = join(this.#config.storage.directory, 'alarms', 'outbox');
    try {
      return await AppendLog.open({ folder, log, segmentBytes: SEGMENT_BYTES });
    } catch (error) {
      log.error({ err: error }, 'messages about alarms cannot be kept until a restart');
      return undefined;
    }
  }
}

/** What comes before the `@`, where that is unlike all others: figures need not tell whole addresses. */
function mailName(recipient: string, all: readonly string[]): string {
  const local = (address: string) => address.slice(0, address.lastIndexOf('@'));
  const isAlone = all.filter((other) => local(other) === local(recipient)).length === 1;
  return isAlone ? local(recipient) : recipient;
}

async function openMqtt(options: MqttOptions): Promise<Destination> {
  const { MqttOutput } = await import('./mqtt.ts');
  return new MqttOutput(options);
}

async function openMail(options: MailOptions): Promise<Destination> {
  const { MailOutput } = await import('./mail.ts');
  return new MailOutput(options);
}
