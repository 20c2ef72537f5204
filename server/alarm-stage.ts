import { join } from 'node:path';
import { AlarmCaptures, lateDesk, type RecordingDesk } from './alarms/alarm-captures.ts';
import { countAlarms } from './alarms/alarm-counts.ts';
import { AlarmEngine } from './alarms/alarm-engine.ts';
import { AlarmLosses } from './alarms/alarm-losses.ts';
import { AlarmRecords } from './alarms/alarm-records.ts';
import { AlarmStates, type AlarmTransition, isOver } from './alarms/alarm-states.ts';
import { beginNumbers } from './alarms/begin-numbers.ts';
import type { Definitions } from './alarms/dead-definitions.ts';
import { isTemplate } from './alarms/definition-alarms.ts';
import { knownChannels } from './alarms/definition-warnings.ts';
import { FloodWatch, floodReply } from './alarms/flood.ts';
import { Journal } from './alarms/journal.ts';
import { entriesOf } from './alarms/log-reading.ts';
import { openStorage } from './alarms/open-storage.ts';
import { RecentActions } from './alarms/recent-actions.ts';
import { restoreJournal } from './alarms/restore-journal.ts';
import { PlantClock } from './alarms/shifts.ts';
import { type StageFigures, SystemMeter } from './alarms/system-meter.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/log.ts';
import type { Config } from './config.ts';
import type { AlarmSource } from './http/alarm-source.ts';
import type { DefinitionSource } from './http/definition-source.ts';
import { openTables } from './http/journal-routes.ts';
import type { JournalSource } from './http/journal-source.ts';
import type { PushSource } from './http/push-source.ts';
import { Outputs } from './notify/outputs.ts';
import type { DefinitionNews } from './pipeline.ts';
import type { Diagnosis } from './trend/diagnosis.ts';
import type { LedgerEntry } from './trend/ledger.ts';
import type { TrendWindow } from './trend/trend-window.ts';
import type { WholeDefinition } from './wire/alarm-definitions.ts';
import type { AlarmFiguresReply } from './wire/alarm-figures.ts';
import type { AlarmFlood, AlarmReply } from './wire/alarms.ts';

export interface AlarmStageOptions {
  /** Files of definitions that a new storage directory begins with, where the settings name none. */
  readonly shipped: readonly URL[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Rejects where there is none. */
  readonly ingest: () => Promise<Omit<RecordingDesk, 'isListed'>>;
  readonly isListed: RecordingDesk['isListed'];
  readonly onDefinitions: (news: DefinitionNews) => void;
  readonly onAlarm: (transition: AlarmTransition) => void;
  readonly onFlood: (flood: Omit<AlarmFlood, 'type'>) => void;
}

interface HistoryState {
  readonly state: 'working' | 'failing' | 'off';
  readonly problem?: string | undefined;
}

const TICK_MS = 100;
const DAY_MS = 86_400_000;

/**
 * The stage that raises alarms. It never stops the others: where its journal
 * cannot be written, alarms go on and people's actions are refused.
 */
export class AlarmStage {
  readonly #config: Config;
  readonly #options: AlarmStageOptions;
  readonly #flood = new FloodWatch();
  readonly #losses = new AlarmLosses();
  readonly #tables = openTables();
  readonly #outputs: Outputs;
  #told: AlarmFlood['sinceMs'];
  #parts: Parts | undefined;
  #opening: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #meter: SystemMeter | undefined;
  /** Those that the settings name and those that devices opened, as many as ingest allows. */
  readonly #channels = new Set<string>();

  constructor(config: Config, options: AlarmStageOptions) {
    this.#config = config;
    this.#options = options;
    this.#outputs = new Outputs(config, options);
  }

  /**
   * Brings back what the journal says, and watches from then on. The storage directory is ours once `locked` resolves,
   * unless the history is off: then nothing is kept. Rejects as `locked` does, and where the definitions cannot be
   * read, since nobody would know what is not watched: `CONFIG_INVALID`, `DEFINITION_INVALID`, `STORAGE_FAILED`.
   */
  open(locked: Promise<{ readonly thread: { status(): HistoryState } }>): Promise<void> {
    this.#opening = locked.then(({ thread }) => this.#restore(thread.status()));
    return this.#opening;
  }

  async #restore({ state, problem }: HistoryState): Promise<void> {
    const { clock, log, ingest, isListed, shipped } = this.#options;
    const { site, alarms, channels, storage } = this.#config;
    const lack = state === 'off' ? problem : undefined;
    const place = { folder: join(storage.directory, 'alarms'), first: alarms.definitions, shipped, clock, log };
    const { definitions, journal: kept } = await openStorage(place, lack);
    await this.#outputs.open(lack);
    const { told } = this.#outputs;
    const { alarms: restored, actions: done, entries, bytes, ...ended } = await restoreJournal(kept, told);
    const numbers = await beginNumbers(kept, ended, told, clock.nowMs());

    const actions = new RecentActions(done);
    const plant = new PlantClock({ timeZone: site.time_zone, shifts: site.shifts });
    const journal = new Journal({
      log: kept,
      logger: log,
      numbers,
      sinceCheckpoint: bytes,
      known: () => ({ alarms: [...states.known()], actions: actions.done() }),
      limits: { keepMs: alarms.journal_keep_days * DAY_MS, keepBytes: alarms.journal_keep_bytes },
      clock,
    });
    const states: AlarmStates = new AlarmStates({
      ...{ journal, actions, numbers },
      nowMs: () => clock.nowMs(),
      shiftEndMs: (timeMs) => plant.period('shift', timeMs).endMs,
      publish: (transition) => this.#publish(transition),
    });
    states.restore(restored);
    this.#outputs.restore(entries, restored);
    const captures = new AlarmCaptures({
      desk: lateDesk(ingest, isListed),
      onCapture: (tag, occurrence, capture) =>
        states.change(tag, { event: 'capture', atMs: clock.nowMs(), occurrence, capture }),
    });
    for (const { tag, atMs, isAnnunciated } of entries) if (isAnnunciated) this.#flood.take({ tag, atMs });
    const engine = new AlarmEngine({ clock, states, captures, channels });
    const records = new AlarmRecords({ journal: entriesOf(kept), plant, clock });
    this.#parts = { journal, states, captures, engine, records, definitions };
    void records.start(restored).catch((error: unknown) => {
      log.error({ err: error }, 'the journal of alarms cannot be read: figures of alarms begin now');
    });
    for (const channel of Object.keys(channels)) this.#channels.add(channel);
    definitions.subscribe(() => this.#setDefinitions(definitions.resolved.whole));
    this.#setDefinitions(definitions.resolved.whole);
    this.#tellFlood();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  #setDefinitions(definitions: readonly WholeDefinition[]): void {
    this.#parts?.engine.setDefinitions(definitions);
    const told = definitions
      .filter((definition) => !isTemplate(definition))
      .map(({ inherits: _, channels: __, ...definition }) => definition);
    this.#outputs.setDefinitions(told);
    this.#options.onDefinitions({ definitions: told, standing: this.#standing() });
  }

  /** Begins to read the figures of the server. */
  watchServer(stages: Omit<StageFigures, 'isDiskFailing' | 'failingOutputs'> & { isHistoryFailing(): boolean }): void {
    this.#meter = new SystemMeter({
      directory: this.#config.storage.directory,
      stages: {
        ...stages,
        isDiskFailing: () => stages.isHistoryFailing() || this.#parts?.journal.status().problem !== undefined,
        failingOutputs: () => this.#outputs.failing,
      },
      take: (figure, value) => this.#parts?.engine.setFigure(figure, value),
      monotonicMs: () => this.#options.clock.monotonicMs(),
    });
  }

  setChannel({ channel }: { readonly channel: string }): void {
    this.#channels.add(channel);
    this.#parts?.engine.setChannel(channel);
  }

  take(window: TrendWindow): void {
    this.#parts?.engine.take(window);
  }

  takeDiagnosis(found: Diagnosis): void {
    this.#parts?.engine.takeDiagnosis(found);
  }

  setLedger(entries: readonly LedgerEntry[]): void {
    this.#parts?.engine.setLedger(entries);
  }

  /** For the routes, once it is open. */
  get sources(): AlarmSources {
    const { states, records, definitions } = this.#open;
    const known = () => knownChannels(this.#channels, this.#config.channels);
    return {
      definitions: {
        list: () => definitions.list(known()),
        find: (id) => definitions.find(id, known()),
        history: (id) => definitions.history(id),
        put: (id, put, by) => definitions.put(id, put, by),
        remove: (id, removal, by) => definitions.remove(id, removal, by),
        importFile: (order) => definitions.importFile(order),
        exportFile: () => definitions.exportFile(),
      },
      alarms: {
        standing: () => this.#standing(),
        all: () => states.defined(),
        find: (tag) => states.find(tag),
        flood: () => floodReply(this.#flood),
        act: (action, actor) => states.act(action, actor),
      },
      journal: {
        search: (query, signal) => records.search(query, signal),
        csv: (filter, signal) => records.csv(filter, signal),
        kpi: (period, timeMs) => records.kpi(period, timeMs),
        tables: this.#tables,
      },
      push: this.#outputs.push,
    };
  }

  figures(): AlarmFiguresReply {
    const { journal, states, captures, engine, records } = this.#open;
    return {
      ...{ watched: engine.watched, refused: engine.refused },
      ...countAlarms(states.defined()),
      ...records.totals,
      tables: this.#tables.status(),
      recentlyAnnunciated: this.#flood.count,
      isFlood: this.#flood.flood !== undefined,
      waitingActions: states.waiting,
      capturesFailed: captures.failed,
      journal: journal.status(),
      outputs: this.#outputs.figures(),
    };
  }

  /** Why alarms are not kept as they should be, or do not reach whom they should, in words. */
  problems(): string[] {
    if (this.#parts === undefined) return this.#outputs.problems();
    const { journal, definitions } = this.#parts;
    const stuck = [journal.status().problem, definitions.problem].filter((problem) => problem !== undefined);
    const lost = this.#losses.tell(this.figures(), this.#options.clock.monotonicMs());
    return [...stuck, ...this.#outputs.problems(), ...lost];
  }

  /** Nothing is judged any more; resolves when what there was is written. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined); // who opened it knows
    clearInterval(this.#timer);
    this.#meter?.close();
    this.#parts?.records.close();
    this.#parts?.states.close();
    await this.#parts?.journal.close();
    await this.#parts?.definitions.close();
    await this.#outputs.close();
  }

  get #open(): Parts {
    if (this.#parts === undefined) throw new Error('the alarms are not open yet');
    return this.#parts;
  }

  #standing(): AlarmReply[] {
    return this.#parts === undefined ? [] : [...this.#parts.states.defined()].filter((alarm) => !isOver(alarm));
  }

  #publish(transition: AlarmTransition): void {
    const { tag, atMs, isAnnunciated } = transition.entry;
    this.#options.onAlarm(transition);
    this.#parts?.records.take(transition.entry);
    this.#outputs.take(transition);
    if (isAnnunciated) this.#flood.take({ tag, atMs });
    this.#tellFlood();
    this.#parts?.engine.follow(transition);
  }

  #tick(): void {
    this.#open.engine.tick();
    this.#flood.tick(this.#options.clock.nowMs());
    this.#tellFlood();
  }

  #tellFlood(): void {
    const flood = floodReply(this.#flood);
    if (flood.sinceMs === this.#told) return;
    this.#told = flood.sinceMs;
    this.#options.onFlood(flood);
  }
}

interface AlarmSources {
  readonly alarms: AlarmSource;
  readonly definitions: DefinitionSource;
  readonly journal: JournalSource;
  readonly push: PushSource;
}

interface Parts {
  readonly journal: Journal;
  readonly states: AlarmStates;
  readonly captures: AlarmCaptures;
  readonly engine: AlarmEngine;
  readonly records: AlarmRecords;
  readonly definitions: Definitions;
}
