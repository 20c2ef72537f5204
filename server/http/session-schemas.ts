import { z } from 'zod';
import type { SessionReply, SessionRequest } from '../wire/session.ts';

const SECRET_CHARACTERS = 256;

/** The body of `POST /api/session`. */
export const SessionBody = z.strictObject({
  secret: z.string().min(1).max(SECRET_CHARACTERS).describe(`text of 1 to ${SECRET_CHARACTERS} characters`),
}) satisfies z.ZodType<SessionRequest>;

export const session = z.strictObject({
  isOperator: z.boolean().describe('whether who asks may act'),
  needsSecret: z.boolean().describe('whether this server asks for its operator secret'),
}) satisfies z.ZodType<SessionReply>;
