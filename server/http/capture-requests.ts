import { z } from 'zod';
import { CAPTURE_PLACE, readPlace } from '../wire/capture-place.ts';
import { CAPTURE_CAUSES, CAPTURE_SIDE_LIMIT_SECONDS, CAPTURE_STATES, type CaptureRequest } from '../wire/captures.ts';
import { CHANNEL_NAME } from '../wire/names.ts';
import { shown } from './shown.ts';

// What clients may ask of the recordings.

/** The most recordings that one answer lists, and how many where nobody says. */
const PAGE_LIMIT = 500;
const PAGE_DEFAULT = 100;
const SEARCH_CHARACTERS = 200;
/** Channels that one question names at most, as many as a page shows together. */
const CHANNELS = 8;
const FORMS = ['sigmf', 'wav', 'npy'] as const;
export const COMMENT_CHARACTERS = 500;

const NAME = '1 to 64 of A-Z a-z 0-9 . _ -';
const TIME = 'ms since 1970 UTC';
const SIDE = `0 to ${CAPTURE_SIDE_LIMIT_SECONDS} s`;

const name = z.string().regex(CHANNEL_NAME);
const aName = CHANNEL_NAME.source.slice(1, -1); // without its ends
const names = z
  .string()
  .regex(new RegExp(`^${aName}(?:,${aName}){0,${CHANNELS - 1}}$`))
  .transform((text) => text.split(','));
const ms = z.number().min(-8.64e15).max(8.64e15);
const timeText = z.string().trim().min(1).transform(Number).pipe(ms).optional().describe(TIME);
const rows = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(PAGE_LIMIT)).default(PAGE_DEFAULT);

/** `GET /api/captures` */
export const CaptureQuery = z.strictObject({
  search: z.string().max(SEARCH_CHARACTERS).optional().describe(`text of at most ${SEARCH_CHARACTERS} characters`),
  channel: names.optional().describe(`${NAME}; up to ${CHANNELS} with commas between`),
  state: z.enum(CAPTURE_STATES).optional().describe(oneOf(CAPTURE_STATES)),
  cause: z.enum(CAPTURE_CAUSES).optional().describe(oneOf(CAPTURE_CAUSES)),
  from: timeText,
  to: timeText,
  before: z.string().regex(CAPTURE_PLACE).transform(readPlace).optional().describe('`older` of the page before'),
  limit: rows.describe(`a whole number, 1 to ${PAGE_LIMIT}`),
});
export type CaptureQuery = z.output<typeof CaptureQuery>;

const seconds = z.number().min(0).max(CAPTURE_SIDE_LIMIT_SECONDS).optional().describe(SIDE);
const time = ms.optional().describe(TIME);
/** Stays text, whatever it says. */
const words = z
  .string()
  .max(COMMENT_CHARACTERS)
  .optional()
  .describe(`text of at most ${COMMENT_CHARACTERS} characters`);

/** The body of `POST /api/captures`. */
export const CaptureBody = z
  .strictObject({
    channel: name.describe(NAME),
    comment: words,
    diagnosis: words,
    beforeSeconds: seconds,
    afterSeconds: seconds,
    fromMs: time,
    toMs: time,
  })
  .superRefine(({ fromMs, toMs, beforeSeconds, afterSeconds, comment, diagnosis }, { addIssue }) => {
    if (comment !== undefined && diagnosis !== undefined) addIssue('comment and diagnosis, expected one of them');
    if (fromMs === undefined && toMs === undefined) return;
    if (fromMs === undefined || toMs === undefined) {
      addIssue(`fromMs is ${shown(fromMs)} and toMs ${shown(toMs)}, expected both or neither`);
    } else if (toMs <= fromMs) addIssue(`toMs is ${toMs}, expected a time after fromMs, ${fromMs}`);
    if (beforeSeconds !== undefined || afterSeconds !== undefined) {
      addIssue('a range and seconds around now, expected one of them');
    }
  }) satisfies z.ZodType<unknown, CaptureRequest>;

/** `GET /api/captures/:id/download` */
export const DownloadQuery = z.strictObject({ as: z.enum(FORMS).describe(oneOf(FORMS)) });
export type DownloadKind = z.output<typeof DownloadQuery>['as'];

function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`;
}
