import { z } from 'zod';
import { CaptureSchema } from '../wire/capture-schema.ts';
import type { CapturesReply } from '../wire/captures.ts';

const captures = z.strictObject({
  captures: z.array(CaptureSchema),
  older: z.string().optional().describe('`before` of the page after this one; not there on the last one'),
  total: z.number(),
  bytes: z.number(),
  limitBytes: z.number(),
}) satisfies z.ZodType<CapturesReply>;

/** What is answered of recordings. */
export const CAPTURE_REPLIES = { CaptureReply: CaptureSchema, CapturesReply: captures };
