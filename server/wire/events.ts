// What the hub says to a viewer as JSON text. Types only: the browser trusts
// its own server and needs no schema library for these.

import type { AlarmDefinitions } from './alarm-definitions.ts';
import type { AlarmFlood, Alarms } from './alarms.ts';
import type { Diagnoses, Models } from './diagnoses.ts';

/** The WebSocket's path. */
export const HUB_PATH = '/api/live';

/** Trend bytes that may be on their way to one viewer, sent and not acknowledged. */
export const IN_FLIGHT_BYTES = 64 * 1024;

/** A viewer acknowledges when it has taken in this much since its last acknowledgement, */
export const ACK_BYTES = IN_FLIGHT_BYTES / 4;

/** or this long after the first frame it has not acknowledged, whichever comes first. */
export const ACK_DELAY_MS = 500;

/** Fills of one viewer that may be under way at a time. */
export const FILL_LIMIT = 8;

/** Ranges of one channel in one fill: holes are few, and a viewer with more asks for the rest later. */
export const FILL_RANGES = 64;

/** Ranges of all channels in one `fill`: what is answered at once must not keep others waiting. */
export const FILL_ALL_RANGES = 1024;

/** Between heartbeats. */
export const HEARTBEAT_MS = 1000;

/** Why the hub ends a connection: the code of the last `error` message, and the WebSocket close code that follows it. */
export const CLOSE_CODES = {
  /** An acknowledgement of what was never sent, of nothing new, or more acknowledgements than frames. */
  ACK_INVALID: 1008,
  /** A viewer sends text only. */
  BINARY_REFUSED: 1003,
  /** Text that follows no schema of the commands. */
  COMMAND_INVALID: 1008,
  /** Text that is not JSON. */
  COMMAND_MALFORMED: 1007,
  /** A message that was begun and is not whole after `COMMAND_MS`. */
  COMMAND_UNFINISHED: 1008,
  /** A `fill` of a channel that is not subscribed to or of what was not sent yet, or too many at a time. */
  FILL_INVALID: 1008,
  /** More commands, pings or pongs a second than the settings allow. */
  RATE_LIMIT: 1008,
  /** `after` lies beyond what this life of the hub has sent. */
  RESUME_INVALID: 1008,
  SERVER_STOPPING: 1001,
  /** Even the coarsest trends were too much, or nothing was acknowledged for too long. Resume when ready. */
  TOO_SLOW: 1013,
} as const;
export type CloseReason = keyof typeof CLOSE_CODES;

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
  /** Name of the model that looks at its runs; left out where settings name none. */
  readonly model?: string;
}

/**
 * Every channel there is, in display order: after the welcome, and when one
 * was added or changed. Changes that come fast are told together.
 */
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
  /** Sequence number of the first window in the frames that follow this message. */
  readonly from: number;
  /** The sequence number the next window of the channel gets. */
  readonly next: number;
  /** Due to this viewer but no longer in the buffer: sequence numbers from .. to-1. */
  readonly gone?: { readonly from: number; readonly to: number };
}

/**
 * The answer to `subscribe`, before any frame of it; and again, without an
 * id, when a channel joins the subscription, when spans change, or when the
 * buffer has lost what a slow viewer was still to get. It always lists the
 * whole subscription.
 */
export interface Subscribed {
  readonly type: 'subscribed';
  readonly id?: number;
  /** Spans are this many times what was asked for, because this viewer was too slow; 1 where it keeps up. */
  readonly coarseness: number;
  readonly channels: readonly SubscribedChannel[];
}

/** The answer to `fill`, after the last frame of it. */
export interface Filled {
  readonly type: 'filled';
  readonly id: number;
  /** What was asked for but is no longer in the buffer: sequence numbers from .. to-1. */
  readonly gone: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

export interface ChannelPulse {
  readonly name: string;
  /** Windows sent by this hub: the next window's sequence number. */
  readonly next: number;
  /** Sample clock at the end of the newest window, ns since 1970 UTC, decimal; left out before the first. */
  readonly newestNs?: string;
  /** Where the stream of that window begins, as `newestNs`; left out where no model is named for the channel. */
  readonly streamNs?: string;
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
  /** Of the subscription: all in the first one after a `subscribed`, then those whose pulse has changed. */
  readonly channels: readonly ChannelPulse[];
  /** Of this hub: connected viewers. */
  readonly viewers: number;
  /** Of this hub: channels whose device is connected. */
  readonly live: number;
  /** Another number after every change of a board, and in every life of the server; left out before boards are there. */
  readonly boards?: number;
}

export interface Pong {
  readonly type: 'pong';
  readonly id: number;
  readonly serverMs: number;
}

/** The connection is closed after it. */
export interface HubError {
  readonly type: 'error';
  readonly code: CloseReason;
  readonly message: string;
}

export type HubEvent =
  | Welcome
  | Models
  | Channels
  | Subscribed
  | Filled
  | Diagnoses
  | AlarmDefinitions
  | Alarms
  | AlarmFlood
  | Heartbeat
  | Pong
  | HubError;
