// What the hub says to a viewer as JSON text. Types only: the browser trusts
// its own server and needs no schema library for these.

/** The WebSocket's path. */
export const HUB_PATH = '/api/live';

/** Trend bytes that may be on their way to one viewer, sent and not acknowledged. */
export const IN_FLIGHT_BYTES = 64 * 1024;

/** First message of every connection. */
export interface Welcome {
  readonly type: 'welcome';
  readonly wire: number;
  /** Names this life of the hub: sequence numbers count within it. */
  readonly epoch: string;
  readonly serverMs: number;
  readonly version: string;
  readonly site: { readonly name: string; readonly timeZone: string };
  readonly inFlightBytes: number;
}

/** What is known of a channel besides its data. */
export interface Channel {
  /** Stable outside name. */
  readonly name: string;
  /** For people; the name where settings give none. */
  readonly label: string;
  readonly unit: string;
  /** Where values belong, in `unit`; left out where settings give none. */
  readonly normal?: readonly [low: number, high: number];
  /** Digits after the decimal point to show. */
  readonly digits?: number;
  readonly rateHz: number;
  /** Samples a window. */
  readonly window: number;
  readonly datatype: string;
  readonly description: string;
  readonly hardware: string;
}

/** Every channel there is, in display order: after the welcome and whenever one is added or changed. */
export interface Channels {
  readonly type: 'channels';
  readonly channels: readonly Channel[];
}

export interface SubscribedChannel {
  readonly name: string;
  /** Stands for the channel in binary frames of this connection. */
  readonly number: number;
  /** Windows merged into a row. */
  readonly span: number;
  /** The sequence number the next window gets. */
  readonly next: number;
  /** Asked for by `after` but no longer in the buffer: sequence numbers from .. to-1. */
  readonly gone?: { readonly from: number; readonly to: number };
}

/**
 * The answer to `subscribe`, before any frame of it; and again, without an
 * id, when a channel joins a `*` subscription or a slow viewer's span changes.
 * It always lists the whole subscription.
 */
export interface Subscribed {
  readonly type: 'subscribed';
  readonly id?: number;
  readonly channels: readonly SubscribedChannel[];
}

export interface ChannelPulse {
  readonly name: string;
  /** Windows sent by this hub: the next window's sequence number. */
  readonly next: number;
  /** Sample clock at the end of the newest window, ns since 1970 UTC, decimal; left out before the first. */
  readonly newestNs?: string;
  /** When its last raw sample was read, server clock, ms since 1970 UTC. */
  readonly arrivedMs?: number;
  readonly live: boolean;
  /** Raw samples: the ledger in short. */
  readonly received: number;
  readonly missing: number;
  readonly gaps: number;
}

/** Once a second to everyone. Silence for 3 s means that nothing on the screen can be trusted. */
export interface Heartbeat {
  readonly type: 'heartbeat';
  readonly serverMs: number;
  readonly channels: readonly ChannelPulse[];
  /** Of this hub: connected viewers. */
  readonly viewers: number;
}

export interface Pong {
  readonly type: 'pong';
  readonly id: number;
  readonly serverMs: number;
}

/** The connection is closed after it. */
export interface HubError {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

export type HubEvent = Welcome | Channels | Subscribed | Heartbeat | Pong | HubError;
