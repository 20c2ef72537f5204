import { z } from 'zod';
import {
  BOARD_NAME_CHARACTERS,
  type Board,
  DIAGONALS,
  DISTANCES,
  DWELLS,
  SLIDE_CHANNELS,
  SLIDE_LIMIT,
  type Slide,
  TREND_WINDOWS,
} from './boards.ts';
import { CHANNEL_NAME } from './names.ts';

const within = ([least, most]: readonly [number, number]) => z.number().min(least).max(most);
const channels = z
  .array(z.string().regex(CHANNEL_NAME))
  .max(SLIDE_CHANNELS)
  .refine((names) => new Set(names).size === names.length, 'a channel is named twice, expected each once')
  .describe('names of channels; all there are where it is empty');
const dwellSeconds = within(DWELLS).describe('how long it is shown');

const slide = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tiles'), channels, dwellSeconds }),
  z.strictObject({
    kind: z.literal('trends'),
    channels,
    windowSeconds: within(TREND_WINDOWS).describe('time that the trends show'),
    dwellSeconds,
  }),
  z.strictObject({ kind: z.literal('alarms'), dwellSeconds }),
  z.strictObject({ kind: z.literal('diagnoses'), channels, dwellSeconds }),
]) satisfies z.ZodType<Slide>;

export const BoardSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(BOARD_NAME_CHARACTERS)
    .regex(/^[^\0\p{Surrogate}]*$/u)
    .describe('what people call it'),
  screen: z
    .strictObject({
      diagonal: within(DIAGONALS).describe('inches'),
      distance: within(DISTANCES).describe('from the eye to the screen, metres'),
    })
    .describe('how it is looked at: the size of type follows from it'),
  pausesOnCritical: z.boolean().describe('whether the alarms stay while a critical one is not acknowledged'),
  slides: z.array(slide).min(1).max(SLIDE_LIMIT),
}) satisfies z.ZodType<Board>;
