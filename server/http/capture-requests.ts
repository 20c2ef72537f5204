import { z } from 'zod';
import { CAPTURE_CAUSES, CAPTURE_SIDE_LIMIT_SECONDS, CAPTURE_STATES, type CaptureRequest } from '../wire/captures.ts';
import { CHANNEL_NAME } from '../wire/names.ts';

// What clients may ask of the recordings.

/** The most recordings that one answer lists, and how many where nobody says. */
const PAGE_LIMIT = 500;
const PAGE_DEFAULT = 100;
export const COMMENT_CHARACTERS = 500;

const channel = z.string().regex(CHANNEL_NAME, 'must be 1 to 64 of A-Z a-z 0-9 . _ -');
const ms = z.number().min(-8.64e15).max(8.64e15);
const msText = z.string().trim().min(1).transform(Number).pipe(ms);

/** `GET /api/captures` */
export const CaptureQuery = z.strictObject({
  search: z.string().max(200).optional(),
  channel: channel.optional(),
  state: z.enum(CAPTURE_STATES).optional(),
  cause: z.enum(CAPTURE_CAUSES).optional(),
  from: msText.optional(),
  to: msText.optional(),
  before: msText.optional(),
  limit: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(PAGE_LIMIT)).default(PAGE_DEFAULT),
});
export type CaptureQuery = z.output<typeof CaptureQuery>;

const seconds = z.number().min(0).max(CAPTURE_SIDE_LIMIT_SECONDS);

/** The body of `POST /api/captures`. */
export const CaptureBody = z
  .strictObject({
    channel,
    /** Stays text, whatever it says. */
    comment: z.string().max(COMMENT_CHARACTERS).optional(),
    beforeSeconds: seconds.optional(),
    afterSeconds: seconds.optional(),
    fromMs: ms.optional(),
    toMs: ms.optional(),
  })
  .refine((body) => (body.fromMs === undefined) === (body.toMs === undefined), 'fromMs and toMs must come together')
  .refine((body) => body.fromMs === undefined || body.toMs! > body.fromMs, 'toMs must be after fromMs')
  .refine(
    (body) => body.fromMs === undefined || (body.beforeSeconds === undefined && body.afterSeconds === undefined),
    'either seconds around now or a range',
  ) satisfies z.ZodType<unknown, CaptureRequest>;

/** `GET /api/captures/:id/download` */
export const DownloadQuery = z.strictObject({ as: z.enum(['sigmf', 'wav', 'npy']) });
export type DownloadKind = z.output<typeof DownloadQuery>['as'];
