import { z } from 'zod';
import type { AccessReply, SessionReply, SessionRequest } from '../wire/session.ts';

const SECRET_CHARACTERS = 256;

/** The body of `POST /api/session`. */
export const SessionBody = z.strictObject({
  secret: z.string().min(1).max(SECRET_CHARACTERS).describe(`text of 1 to ${SECRET_CHARACTERS} characters`),
}) satisfies z.ZodType<SessionRequest>;

export const session = z.strictObject({
  isOperator: z.boolean().describe('whether who asks may act'),
  needsSecret: z.boolean().describe('whether this server asks for its operator secret'),
}) satisfies z.ZodType<SessionReply>;

const count = z.int().min(0);

export const access = z.strictObject({
  sessions: count,
  crowdedOut: count,
  wrongSecrets: count,
  guessesRefused: count,
  certificate: z
    .strictObject({
      names: z.array(z.string()),
      untilMs: z.number().describe('ms since 1970 UTC'),
      daysLeft: z.int(),
      problem: z.string().optional(),
    })
    .optional(),
}) satisfies z.ZodType<AccessReply>;
