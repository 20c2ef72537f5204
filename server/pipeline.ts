import type { Bus } from './base/bus.ts';
import type { Diagnosis } from './inference/diagnosis.ts';
import type { ChannelInfo } from './trend/channel-info.ts';
import type { LedgerEntry } from './trend/ledger.ts';
import type { TrendWindow } from './trend/trend-window.ts';

/** What the stages publish. */
export interface Buses {
  /** By ingest: a device opened a channel or a new stream on it. */
  readonly channels: Bus<ChannelInfo>;
  /** By compute. */
  readonly trends: Bus<TrendWindow>;
  /** By ingest: all channels' accounts, once a second and at every connect and disconnect. */
  readonly ledgers: Bus<readonly LedgerEntry[]>;
  /** By diagnosis: what a run of a channel came to. Each run once, those of a channel in their order. */
  readonly diagnoses: Bus<Diagnosis>;
}

/** What each stage must be able to do for the others. Fakes of these make a test pipeline. */
export interface Stages {
  readonly hub: {
    setChannel(info: ChannelInfo): void;
    sendTrend(window: TrendWindow): void;
    setLedger(entries: readonly LedgerEntry[]): void;
  };
  readonly diagnosis: {
    setChannel(info: ChannelInfo): void;
    take(window: TrendWindow): void;
  };
}

/**
 * The whole path of a sample, in the order it travels. Every stage is built
 * elsewhere and knows no other stage; this is the only place they meet.
 */
export function connect(buses: Buses, stages: Stages): () => void {
  const { channels, trends, ledgers } = buses;
  const { hub, diagnosis } = stages;

  const taps = [
    channels.subscribe((info) => hub.setChannel(info)), // before its first window
    channels.subscribe((info) => diagnosis.setChannel(info)),
    trends.subscribe((window) => hub.sendTrend(window)),
    trends.subscribe((window) => diagnosis.take(window)),
    ledgers.subscribe((entries) => hub.setLedger(entries)),
  ];
  return () => {
    for (const untap of taps) untap();
  };
}
