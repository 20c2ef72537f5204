import { z } from 'zod';
import type { ErrorCode } from '../base/errors.ts';
import type { REPLIES } from './reply-schemas.ts';

// What descriptions of operations are made of.

export type Json = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Json[];
  readonly body?: Json;
  /** What it answers but for problems: media types by status; none where there is no body. */
  readonly answers: Readonly<Record<number, Json>>;
  /** Besides those that every operation can have. */
  readonly errors?: readonly ErrorCode[];
}

/** An answer that has a tag can be asked for again with `If-None-Match`. */
export const UNCHANGED = { 304: {} } as const;
export const BYTES = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
export const OBJECT = { 'application/json': { schema: { type: 'object' } } };

export function json(name: keyof typeof REPLIES): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

export function inPath(name: string, schema: Json): Json {
  return { name, in: 'path', required: true, schema };
}

export function inQuery(name: string, schema: Json, description?: string, more: Json = {}): Json {
  return { name, in: 'query', ...(description !== undefined && { description }), ...more, schema };
}

export function fromSchema(schema: z.ZodType, meanings: Readonly<Record<string, string>> = {}): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) =>
    inQuery(name, of, meanings[name], required.includes(name) ? { required: true } : {}),
  );
}

// As the client writes it; what a check adds in words has no place in a schema.
export function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
