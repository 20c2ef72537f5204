import type { AlarmTransition } from './alarms/alarm-states.ts';
import { Bus } from './base/bus.ts';
import { toDiagnosisModel } from './diagnosis-messages.ts';
import { EarlierSince } from './hub/earlier-since.ts';
import type { ModelEntry } from './inference/model-state.ts';
import { toRunDiagnosis } from './model/run-diagnosis.ts';
import type { ChannelInfo } from './trend/channel-info.ts';
import type { Diagnosis } from './trend/diagnosis.ts';
import type { DiagnosisHistory, DiagnosisRequest } from './trend/diagnosis-history.ts';
import type { LedgerEntry } from './trend/ledger.ts';
import type { TrendWindow } from './trend/trend-window.ts';
import type { AlarmDefinitions } from './wire/alarm-definitions.ts';
import type { AlarmFlood, AlarmReply } from './wire/alarms.ts';
import type { DiagnosisModel, RunDiagnosis } from './wire/diagnoses.ts';

/** All definitions, whole, and the alarms that stand. */
export interface DefinitionNews {
  readonly definitions: AlarmDefinitions['definitions'];
  /** Those that are not simply normal. */
  readonly standing: readonly AlarmReply[];
}

/** What the stages publish. */
export interface Buses {
  /** By ingest: a device opened a channel or a new stream on it. */
  readonly channels: Bus<ChannelInfo>;
  /** By compute. */
  readonly trends: Bus<TrendWindow>;
  /** By ingest: all channels' accounts, once a second and at every connect and disconnect. */
  readonly ledgers: Bus<readonly LedgerEntry[]>;
  /** By diagnosis: a model is known, or is another one from now on, or is not used any more. */
  readonly models: Bus<ModelEntry>;
  /** By diagnosis: what a run of a channel came to. Each run once, those of a channel in their order. */
  readonly diagnoses: Bus<Diagnosis>;
  /** By alarms: all definitions, once they are open and when one has changed; before the alarms that name them. */
  readonly definitions: Bus<DefinitionNews>;
  /** By alarms: every transition, those of an alarm in their order. */
  readonly alarms: Bus<AlarmTransition>;
  /** By alarms: a flood has begun, or is over. */
  readonly floods: Bus<Omit<AlarmFlood, 'type'>>;
}

/** Those of a server. What a subscriber throws goes to `onError`. */
export function createBuses(onError: (error: unknown) => void): Buses {
  return {
    channels: new Bus(onError),
    trends: new Bus(onError),
    ledgers: new Bus(onError),
    models: new Bus(onError),
    diagnoses: new Bus(onError),
    definitions: new Bus(onError),
    alarms: new Bus(onError),
    floods: new Bus(onError),
  };
}

/** What each stage must be able to do for the others. Fakes of these make a test pipeline. */
export interface Stages {
  readonly hub: {
    setChannel(info: ChannelInfo): void;
    sendTrend(window: TrendWindow): void;
    setLedger(entries: readonly LedgerEntry[]): void;
    setModel(model: DiagnosisModel): void;
    sendDiagnosis(run: RunDiagnosis): void;
    setSince(run: RunDiagnosis, sinceNs: bigint): void;
    setAlarmDefinitions(definitions: AlarmDefinitions['definitions']): void;
    sendAlarm(alarm: AlarmReply): void;
    setFlood(flood: Omit<AlarmFlood, 'type'>): void;
  };
  readonly diagnosis: {
    readonly models: readonly ModelEntry[];
    setChannel(info: ChannelInfo): void;
    take(window: TrendWindow): void;
  };
  readonly history: {
    keep(diagnosis: Diagnosis): void;
    diagnoses(request: DiagnosisRequest): Promise<DiagnosisHistory>;
  };
  readonly alarms: {
    setChannel(info: ChannelInfo): void;
    take(window: TrendWindow): void;
    takeDiagnosis(found: Diagnosis): void;
    setLedger(entries: readonly LedgerEntry[]): void;
  };
  /** Of a question that nobody else waits for. */
  readonly onError: (error: unknown) => void;
}

/**
 * The whole path of a sample, in the order it travels. Every stage is built
 * elsewhere and knows no other stage; this is the only place they meet.
 */
export function connect(buses: Buses, stages: Stages): () => void {
  const { channels, trends, ledgers, models, diagnoses, definitions, floods } = buses;
  const { hub, diagnosis, history, alarms, onError } = stages;
  const earlier = new EarlierSince({
    read: (request) => history.diagnoses(request),
    tell: (run, sinceNs) => hub.setSince(toRunDiagnosis(run), sinceNs),
    onError,
  });

  for (const entry of diagnosis.models) hub.setModel(toDiagnosisModel(entry)); // what became of them before
  const taps = [
    channels.subscribe((info) => hub.setChannel(info)), // before its first window
    channels.subscribe((info) => diagnosis.setChannel(info)),
    channels.subscribe((info) => alarms.setChannel(info)),
    trends.subscribe((window) => hub.sendTrend(window)),
    trends.subscribe((window) => alarms.take(window)),
    trends.subscribe((window) => diagnosis.take(window)),
    ledgers.subscribe((entries) => hub.setLedger(entries)),
    ledgers.subscribe((entries) => alarms.setLedger(entries)),
    models.subscribe((entry) => hub.setModel(toDiagnosisModel(entry))), // before its first diagnosis
    diagnoses.subscribe((found) => hub.sendDiagnosis(toRunDiagnosis(found))),
    diagnoses.subscribe((found) => alarms.takeDiagnosis(found)),
    diagnoses.subscribe((found) => earlier.take(found)),
    diagnoses.subscribe((found) => history.keep(found)),
    definitions.subscribe((news) => {
      hub.setAlarmDefinitions(news.definitions);
      for (const alarm of news.standing) hub.sendAlarm(alarm);
    }),
    buses.alarms.subscribe(({ alarm }) => hub.sendAlarm(alarm)),
    floods.subscribe((flood) => hub.setFlood(flood)),
  ];
  return () => {
    for (const untap of taps) untap();
  };
}
