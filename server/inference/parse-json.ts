import type { z } from 'zod';
import { shown } from './finding.ts';

/** What a file holds, or what is wrong with each of its fields, with what was found. */
export type Parsed<T> = { readonly content: T } | { readonly problems: readonly string[] };

/** Reads the text of a file as JSON of a schema. */
export function parseJson<T>(file: string, text: string, schema: z.ZodType<T>): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problems: [`${file} is no JSON: ${(error as Error).message}`] };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { content: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => {
    const fields = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    const message = issue.code === 'unrecognized_keys' ? 'there is no such field' : issue.message;
    return fields.map((path) => {
      const where = path.length === 0 ? file : path.join('.');
      return `${where}: found ${shown(valueAt(json, path))}; ${message}`;
    });
  });
  return { problems };
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], json);
}
