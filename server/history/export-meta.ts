import { z } from 'zod';
import { PLAIN_TEXT, PLAIN_TEXT_WORDS } from '../base/plain-text.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { TIERS } from '../trend/tier.ts';
import { CLOCK } from './sealed-file.ts';

// It becomes part of a path.
const channel = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -');
const text = z.string().regex(PLAIN_TEXT, `must be ${PLAIN_TEXT_WORDS}`);

const Info = z.object({
  channel,
  stream: text,
  datatype: z.string(),
  rateHz: z.number().positive(),
  window: z.int().positive(),
  unit: text,
  scale: z.number(),
  offset: z.number(),
  hardware: text,
  description: text,
  recorder: text,
}) satisfies z.ZodType<ChannelInfo>;

/** What an exported file says of itself, as JSON under `fenestra`, or in a file beside it. */
export const ExportMeta = z
  .object({
    kind: z.literal('export'),
    version: z.literal(1),
    channel,
    unit: z.string(),
    clock: z.string(),
    /** A row merges 10 ** tier windows. */
    tier: z
      .int()
      .min(0)
      .max(TIERS - 1),
    /** In the order of the rows; `rows` of each. */
    streams: z.array(z.object({ info: Info, rows: z.int().min(0) })),
  })
  .refine((meta) => meta.streams.every(({ info }) => info.channel === meta.channel), 'streams must be of the channel');
export type ExportMeta = z.output<typeof ExportMeta>;

/** The metadata of rows of a channel's tier; the newest stream tells the unit. */
export function exportMeta(channel: string, tier: number, streams: ExportMeta['streams']): ExportMeta {
  const unit = streams.at(-1)?.info.unit ?? '';
  return { kind: 'export', version: 1, channel, unit, clock: CLOCK, tier, streams };
}
