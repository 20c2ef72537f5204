import { AppError } from '../base/errors.ts';

/** A stored sample: real, little-endian. `name` is SigMF's. */
export interface SampleFormat {
  readonly name: string;
  readonly kind: 'signed' | 'unsigned' | 'float';
  readonly bytes: 1 | 2 | 4 | 8;
}

/** Every sample format that is read and written here, by its SigMF name. */
export const SAMPLE_FORMATS: ReadonlyMap<string, SampleFormat> = new Map(
  (
    [
      { name: 'ri8', kind: 'signed', bytes: 1 },
      { name: 'ru8', kind: 'unsigned', bytes: 1 },
      { name: 'ri16_le', kind: 'signed', bytes: 2 },
      { name: 'ru16_le', kind: 'unsigned', bytes: 2 },
      { name: 'ri32_le', kind: 'signed', bytes: 4 },
      { name: 'rf32_le', kind: 'float', bytes: 4 },
      { name: 'rf64_le', kind: 'float', bytes: 8 },
    ] as const
  ).map((format) => [format.name, format]),
);

/** The format of that name. Throws `FILE_INVALID` that says which part of the name is not supported. */
export function sampleFormat(name: string): SampleFormat {
  const format = SAMPLE_FORMATS.get(name);
  if (format !== undefined) return format;
  throw new AppError(
    'FILE_INVALID',
    `datatype ${name}${reason(name)}, expected ${[...SAMPLE_FORMATS.keys()].join(', ')}`,
  );
}

function reason(name: string): string {
  if (name.startsWith('c')) return ' has complex samples';
  if (name.endsWith('_be')) return ' is big-endian';
  return '';
}
