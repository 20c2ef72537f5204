import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { type SampleFormat, sampleFormat } from './datatype.ts';
import { METADATA_BYTES, type Metadata, parseMetadata } from './metadata.ts';
import { parseTime } from './time.ts';

/** A stretch of a recording without a hole. Sample indices are those of the original stream. */
export interface Stretch {
  /** Byte of the data file where it begins. */
  readonly byteOffset: number;
  readonly firstSample: number;
  readonly samples: number;
  /** Time of its first sample, ns since 1970 UTC. */
  readonly timeNs: bigint | undefined;
  /** A sample of the stream from whose time, ns since 1970 UTC, that one was reckoned. */
  readonly anchor?: { readonly index: number; readonly timeNs: bigint };
}

/** A recording that was found whole: its metadata, and where its samples lie. */
export interface Recording {
  readonly dataPath: string;
  readonly metadata: Metadata;
  readonly format: SampleFormat;
  readonly samples: number;
  readonly stretches: readonly Stretch[];
}

/** Whether the path is a recording's metadata or data file. */
export function isRecordingPath(path: string): boolean {
  return /\.sigmf-(meta|data)$/.test(path);
}

/**
 * Opens the recording that `path` names: its metadata file, data file or
 * both's common beginning. The data's checksum is verified where the metadata
 * has one, which reads the file once.
 *
 * Throws `FILE_INVALID`: malformed metadata, a wrong checksum or size, samples
 * that cannot be streamed (complex, big-endian, several channels).
 */
export async function openRecording(path: string): Promise<Recording> {
  const base = path.replace(/\.sigmf-(meta|data)$/, '');
  const name = `${basename(base)}.sigmf-meta`;
  const metadata = parseMetadata(await readBounded(`${base}.sigmf-meta`), name);
  const { global } = metadata;

  const format = sampleFormat(global['core:datatype']);
  if (global['core:num_channels'] !== 1) {
    throw invalid(name, `${global['core:num_channels']} channels interleaved, expected 1; split the recording first`);
  }
  if (global['core:metadata_only'] === true) throw invalid(name, 'metadata only, expected a recording with samples');

  const dataPath =
    global['core:dataset'] === undefined ? `${base}.sigmf-data` : join(dirname(base), global['core:dataset']);
  const data = await stat(dataPath).catch((error: Error) => {
    throw invalid(basename(dataPath), `${error.message}, expected the samples of ${name}`);
  });
  if (!data.isFile()) throw invalid(basename(dataPath), `a folder, expected the samples of ${name}`);
  await verifyChecksum(dataPath, global['core:sha512']);
  const stretches = stretchesOf(metadata, { format, bytes: data.size - (global['core:trailing_bytes'] ?? 0), name });
  const samples = stretches.reduce((sum, stretch) => sum + stretch.samples, 0);
  return { dataPath, metadata, format, samples, stretches };
}

async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: Error) => {
    throw invalid(basename(path), `${error.message}, expected a metadata file`);
  });
  try {
    const { size } = await file.stat();
    if (size > METADATA_BYTES) throw invalid(basename(path), `${size} bytes, expected at most ${METADATA_BYTES}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function verifyChecksum(path: string, expected: string | undefined): Promise<void> {
  if (expected === undefined) return;
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const found = hash.digest('hex');
  if (found !== expected.toLowerCase()) {
    throw invalid(
      basename(path),
      `SHA-512 ${found.slice(0, 16)}…, expected ${expected.slice(0, 16).toLowerCase()}… of the metadata`,
    );
  }
}

// A capture runs to the next one, or to the end of the file. `core:sample_start` counts from `core:offset`;
// `core:header_bytes` of foreign data precede a capture's samples.
function stretchesOf(
  { global, captures }: Metadata,
  { format, bytes, name }: { format: SampleFormat; bytes: number; name: string },
): Stretch[] {
  const start = global['core:offset'];
  const rows = captures.length === 0 ? [{ 'core:sample_start': start }] : captures;
  const headers = rows.reduce((sum, row) => sum + (row['core:header_bytes'] ?? 0), 0);
  if (bytes < headers || (bytes - headers) % format.bytes !== 0) {
    throw invalid(name, `${bytes} bytes of data with ${headers} of headers, expected a multiple of ${format.bytes}`);
  }
  const end = start + (bytes - headers) / format.bytes;

  const stretches: Stretch[] = [];
  let skipped = 0;
  let next = 0;
  for (const [i, row] of rows.entries()) {
    const first = row['core:sample_start'];
    const last = rows[i + 1]?.['core:sample_start'] ?? end;
    if (first < start || last > end)
      throw invalid(name, `capture of samples ${first} to ${last}, expected ${start} to ${end}`);
    if (i === 0 && first !== start) throw invalid(name, `first capture at sample ${first}, expected ${start}`);

    skipped += row['core:header_bytes'] ?? 0;
    const firstSample = row['core:global_index'] ?? first;
    if (firstSample < next) throw invalid(name, `capture at global index ${firstSample}, expected ${next} or more`);
    next = firstSample + last - first;
    const { 'fenestra:anchor_index': anchorIndex, 'fenestra:anchor_datetime': anchorTime } = row;
    const timeNs = row['core:datetime'] === undefined ? undefined : parseTime(row['core:datetime']);
    const anchorNs = anchorTime === undefined ? undefined : parseTime(anchorTime);
    stretches.push({
      byteOffset: skipped + (first - start) * format.bytes,
      firstSample,
      samples: last - first,
      timeNs,
      ...(anchorIndex !== undefined && anchorNs !== undefined && { anchor: { index: anchorIndex, timeNs: anchorNs } }),
    });
  }
  return stretches;
}

function invalid(name: string, problem: string): AppError {
  return new AppError('FILE_INVALID', `${name}: ${problem}`);
}
