import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { shown } from './shown.ts';

/** Wrong members that are told. */
const TOLD_FAULTS = 10;

/** A schema of which every member says what it expects, by `describe`. */
type RequestSchema<Shape extends z.core.$ZodLooseShape> = z.ZodObject<Shape, z.core.$strict>;

/** What a client sent, checked. Throws `REQUEST_INVALID` that says of every wrong member what was found and what was expected. */
export function parseRequest<Shape extends z.core.$ZodLooseShape>(
  schema: RequestSchema<Shape>,
  value: unknown,
): z.output<RequestSchema<Shape>> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const wrong = result.error.issues.slice(0, TOLD_FAULTS).map((issue) => faultOf(issue, schema, value));
  throw new AppError('REQUEST_INVALID', [...new Set(wrong)].join('; '));
}

/** A body with parts, checked. Throws `REQUEST_INVALID` that says which part is no part of `what`. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, TOLD_FAULTS).map(({ path, message }) => {
    return `${path.length === 0 ? 'the body' : path.join('.')}: ${message}`;
  });
  throw new AppError('REQUEST_INVALID', `no ${what}: ${faults.join('; ')}`);
}

// Several things may be wrong with one member: they are said in the same words.
function faultOf(issue: z.core.$ZodIssue, { shape }: RequestSchema<z.core.$ZodLooseShape>, value: unknown): string {
  const names = Object.keys(shape).join(', ');
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'unrecognized_keys') return `${issue.keys.slice(0, 3).map(shown).join(', ')}, expected ${names}`;
  const [name] = issue.path;
  if (name === undefined) return `the request is ${shown(value)}, expected an object of ${names}`;
  const found = (value as Readonly<Record<PropertyKey, unknown>>)[name];
  return `${String(name)} is ${shown(found)}, expected ${z.globalRegistry.get(shape[name as string] as z.ZodType)?.description}`;
}
