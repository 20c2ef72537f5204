import { z } from 'zod';
import { PUSH_LANGUAGES, type PushOrder, type PushReply, type SubscriberReply } from '../wire/push.ts';

const bytes = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url');

/** The body of `POST /api/push/subscribers`. */
export const PushBody = z.strictObject({
  endpoint: z.string().max(1000).describe('an https address of a push service of the settings'),
  keys: z.strictObject({ p256dh: bytes, auth: bytes }).describe('its keys p256dh and auth, base64url'),
  language: z.enum(PUSH_LANGUAGES).describe(PUSH_LANGUAGES.join(' or ')),
}) satisfies z.ZodType<PushOrder>;

const subscriber = z.strictObject({
  id: z.string().describe('the first 32 hexadecimal digits of the SHA-256 of its endpoint'),
  browser: z.string(),
  language: z.enum(PUSH_LANGUAGES),
  by: z.string().describe('who asked for it'),
  atMs: z.number().describe('ms since 1970 UTC'),
}) satisfies z.ZodType<SubscriberReply>;

/** What is answered of who is notified. */
export const PUSH_REPLIES = {
  SubscriberReply: subscriber,
  PushReply: z.strictObject({
    publicKey: z.string().optional().describe('to subscribe with, base64url; left out where nobody can be notified'),
    subscribers: z.array(subscriber).describe('the newest first'),
    limit: z.int().min(1).describe('the most there can be'),
  }) satisfies z.ZodType<PushReply>,
};
