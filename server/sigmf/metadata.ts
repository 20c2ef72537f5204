import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { parseTime } from './time.ts';

// A SigMF 1.2 metadata file, as far as it is read and written here. Keys that
// are not listed are allowed by SigMF and ignored.

export const SIGMF_VERSION = '1.2.5';
/** Largest metadata file that is read; a recording with a million annotations is smaller. */
export const METADATA_BYTES = 64 * 1024 * 1024;

const index = z.int().min(0);
const text = z.string();

const Extension = z.strictObject({ name: text, version: text, optional: z.boolean() });

const Global = z.object({
  'core:datatype': z.string().regex(/^[cr](f32|f64|i32|i16|u32|u16|i8|u8)(_le|_be)?$/, 'must be a SigMF datatype'),
  'core:version': z.string().regex(/^1\.\d+\.\d+$/, 'must be 1.x.x'),
  'core:sample_rate': z.number().positive().max(1e12).optional(),
  'core:num_channels': z.int().min(1).default(1),
  'core:offset': index.default(0),
  'core:sha512': z
    .string()
    .regex(/^[0-9a-fA-F]{128}$/, 'must be 128 hexadecimal digits')
    .optional(),
  'core:dataset': z
    .string()
    .regex(/^[^/\\]+$/, 'must be a file name without a folder')
    .optional(),
  'core:trailing_bytes': index.optional(),
  'core:metadata_only': z.boolean().optional(),
  'core:author': text.optional(),
  'core:description': text.optional(),
  'core:hw': text.optional(),
  'core:license': text.optional(),
  'core:recorder': text.optional(),
  'core:extensions': z.array(Extension).default([]),
  'fenestra:channel': text.optional(),
  'fenestra:stream': text.optional(),
  'fenestra:scale': z
    .number()
    .refine((n) => n !== 0, 'must not be 0')
    .optional(),
  'fenestra:offset': z.number().optional(),
  'fenestra:unit': z.string().max(16).optional(),
  'fenestra:full_scale': z.tuple([z.number(), z.number()]).optional(),
  'fenestra:window': z.int().min(1).optional(),
  'fenestra:sample_rate': z.number().positive().max(1e12).optional(),
  'fenestra:clipped': index.optional(),
  'fenestra:asked': z.tuple([index, index]).optional(),
});

const time = z
  .string()
  .refine((value) => parseTime(value) !== undefined, 'must be a UTC time such as 2026-01-31T12:00:00.5Z');

const Capture = z.object({
  'core:sample_start': index,
  'core:datetime': time.optional(),
  'core:global_index': index.optional(),
  'core:header_bytes': index.optional(),
  'fenestra:anchor_index': index.optional(),
  'fenestra:anchor_datetime': time.optional(),
});

const Annotation = z.object({
  'core:sample_start': index,
  'core:sample_count': index.optional(),
  'core:label': text.optional(),
  'core:comment': text.optional(),
  'core:generator': text.optional(),
  'core:uuid': text.optional(),
  'fenestra:flags': z.int().min(1).max(15).optional(),
});

const Metadata = z.object({
  global: Global,
  captures: z.array(Capture).refine(isSorted, 'must be sorted by core:sample_start'),
  annotations: z.array(Annotation).refine(isSorted, 'must be sorted by core:sample_start').default([]),
});

/** A metadata file's content. */
export type Metadata = z.output<typeof Metadata>;
export type Capture = z.output<typeof Capture>;
export type Annotation = z.output<typeof Annotation>;

/** The one extension that this program knows. */
export const FENESTRA_EXTENSION = { name: 'fenestra', version: '1.0.0', optional: true } as const;

/** Parses a metadata file. Throws `FILE_INVALID` that names every wrong field; `name` is the file's, for the message. */
export function parseMetadata(bytes: Uint8Array, name: string): Metadata {
  const result = Metadata.safeParse(parseJson(bytes, name));
  if (!result.success) {
    const wrong = result.error.issues
      .slice(0, 10)
      .map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`);
    throw new AppError('FILE_INVALID', `${name}: ${wrong.join('; ')}`);
  }
  const unknown = result.data.global['core:extensions'].find((e) => !e.optional && e.name !== FENESTRA_EXTENSION.name);
  if (unknown !== undefined) {
    throw new AppError(
      'FILE_INVALID',
      `${name}: needs the SigMF extension ${unknown.name}, expected only optional ones`,
    );
  }
  return result.data;
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new AppError('FILE_INVALID', `${name}: ${(error as Error).message}, expected JSON in UTF-8`, {
      cause: error,
    });
  }
}

function isSorted(rows: readonly { readonly 'core:sample_start': number }[]): boolean {
  return rows.every((row, i) => i === 0 || rows[i - 1]!['core:sample_start'] <= row['core:sample_start']);
}
