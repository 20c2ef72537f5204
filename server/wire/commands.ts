import { z } from 'zod';
import { FILL_ALL_RANGES, FILL_RANGES } from './events.ts';
import { CHANNEL_NAME } from './names.ts';

// What a viewer may say to the hub, as JSON text. Schemas first, types from
// them.

/** The largest message a viewer may send; the connection ends where one is larger. */
export const COMMAND_BYTES = 64 * 1024;

/** Fragments of one message, each of which costs memory of its own however short it is; the connection ends with one more. */
export const COMMAND_FRAGMENTS = 16;

/**
 * Pieces in which the network may bring one frame, as costly as fragments; the
 * connection ends with one more. The largest message takes 123 segments of
 * the 536 bytes that every network carries.
 */
export const COMMAND_PIECES = 128;

/** Within this a message that was begun must be whole, or the connection ends: the largest one at 3.3 kB/s. */
export const COMMAND_MS = 20_000;

const sequence = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const rate = z.number().min(0.1).max(1000);
const areNamedOnce = (requests: readonly { readonly name: string }[]) =>
  new Set(requests.map(({ name }) => name)).size === requests.length;

export const ChannelRequest = z.strictObject({
  /** The channel's name, or `*` for every channel there is and will be and that the list does not name. */
  name: z.union([z.literal('*'), z.string().regex(CHANNEL_NAME, 'must be 1 to 64 of A-Z a-z 0-9 . _ -')]),
  /** Rows a second at most; all windows when left out. Fewer rows are merged, never skipped. */
  rate: rate.optional(),
  /** Resume: the newest sequence number held, of the epoch given beside. Ignored where the epoch is not this one. */
  after: sequence.optional(),
  /** Start with what the buffer holds of the last seconds; now when left out. Ignored where `after` holds. */
  lastSeconds: z.number().min(0).max(3600).optional(),
});
export type ChannelRequest = z.output<typeof ChannelRequest>;

/** Replaces the whole subscription of this connection. */
const Subscribe = z.strictObject({
  type: z.literal('subscribe'),
  /** Echoed in the answer. */
  id: z.int().min(0),
  /** The hub's life that the `after` numbers belong to; from another life nothing can be resumed. */
  epoch: z.string().max(64).optional(),
  channels: z.array(ChannelRequest).max(1024).refine(areNamedOnce, { message: 'must name each channel once' }),
});
export type Subscribe = z.output<typeof Subscribe>;

/** Sequence numbers from .. to-1. */
const FillRange = z
  .strictObject({
    from: sequence,
    to: sequence,
    /** As in `subscribe`, for these rows alone. */
    rate: rate.optional(),
  })
  .refine(({ from, to }) => from < to, { message: 'must not be empty' });
export type FillRange = z.output<typeof FillRange>;

const FillRequest = z.strictObject({
  name: z.string().regex(CHANNEL_NAME, 'must be 1 to 64 of A-Z a-z 0-9 . _ -'),
  ranges: z
    .array(FillRange)
    .min(1)
    .max(FILL_RANGES)
    .refine((ranges) => ranges.every(({ from }, i) => i === 0 || from >= ranges[i - 1].to), {
      message: 'must be in rising order and must not overlap',
    }),
});
export type FillRequest = z.output<typeof FillRequest>;

/**
 * Asks for windows of the past, which come beside the present: newest first,
 * with the room that the present leaves. Answered by `filled` when all of it
 * was sent.
 */
const Fill = z.strictObject({
  type: z.literal('fill'),
  /** Echoed in the answer. */
  id: z.int().min(0),
  channels: z
    .array(FillRequest)
    .min(1)
    .max(1024)
    .refine(areNamedOnce, { message: 'must name each channel once' })
    .refine((channels) => channels.reduce((sum, { ranges }) => sum + ranges.length, 0) <= FILL_ALL_RANGES, {
      message: `must have at most ${FILL_ALL_RANGES} ranges in all`,
    }),
});
export type Fill = z.output<typeof Fill>;

/** Says how many bytes of binary frames were taken in since the connection began. Only ever grows; at most one a frame. */
const Acknowledge = z.strictObject({ type: z.literal('ack'), bytes: sequence });

/** Answered at once by a `pong` with the same id. */
const Ping = z.strictObject({ type: z.literal('ping'), id: z.int().min(0) });

export const Command = z.discriminatedUnion('type', [Subscribe, Fill, Acknowledge, Ping]);
export type Command = z.output<typeof Command>;
