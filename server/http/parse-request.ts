import type { z } from 'zod';
import { AppError } from '../base/errors.ts';

/** What a client sent, checked. Throws `REQUEST_INVALID` that names every wrong field. */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const wrong = result.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  throw new AppError('REQUEST_INVALID', wrong.join('; '));
}
