import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '../base/errors.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { CaptureReply } from '../wire/captures.ts';
import type { CaptureFiles } from './capture-files.ts';
import { npyHeader } from './npy-header.ts';
import { TAR_END, tarHeader, tarPadding } from './tar-header.ts';
import { wavHeader } from './wav-header.ts';

/** A file that is made while it is sent. */
export interface Download {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly content: Readable;
}

const READ_BYTES = 256 * 1024;
const WAV_RATE_LIMIT = 2 ** 32 - 1;

/** A ready recording in another form. Throws `REQUEST_INVALID` where it has none. */
export async function openDownload(
  capture: CaptureReply,
  files: CaptureFiles,
  as: 'sigmf' | 'wav' | 'npy',
): Promise<Download> {
  switch (as) {
    case 'sigmf':
      return openArchive(capture, files);
    case 'wav':
      return openWav(capture, files);
    case 'npy':
      return openNpy(capture, files);
  }
}

/** The pair in a folder of its name, as SigMF wants its archives. */
async function openArchive({ id, bytes, createdMs }: CaptureReply, files: CaptureFiles): Promise<Download> {
  const meta = await readFile(files.meta);
  const modified = Math.floor(createdMs / 1000);
  const parts = [
    tarHeader({ name: `${id}/`, bytes: 0, modified }),
    tarHeader({ name: `${id}/${id}.sigmf-meta`, bytes: meta.length, modified }),
    meta,
    tarPadding(meta.length),
    tarHeader({ name: `${id}/${id}.sigmf-data`, bytes, modified }),
    samplesOf(files, bytes),
    tarPadding(bytes),
    TAR_END,
  ];
  return toDownload(`${id}.sigmf`, 'application/x-tar', parts, bytes);
}

/** Segments one after the other. WAV counts 8 bits without and 16 bits with a sign: the other way round the top bit changes. */
function openWav({ id, datatype, rateHz, bytes }: CaptureReply, files: CaptureFiles): Download {
  const rate = Math.round(rateHz);
  if (rate < 1 || rate > WAV_RATE_LIMIT) {
    throw new AppError('REQUEST_INVALID', `a rate of ${rateHz} Hz, WAV has 1 to ${WAV_RATE_LIMIT}`);
  }
  const { type, bytes: sampleBytes } = DATATYPES.get(datatype)!;
  const isFloat = type === 'f32' || type === 'f64';
  const samples =
    type === 'i8' || type === 'u16' ? flipped(samplesOf(files, bytes), sampleBytes) : samplesOf(files, bytes);
  const header = wavHeader({ isFloat, sampleBytes, rateHz: rate, dataBytes: bytes });
  return toDownload(`${id}.wav`, 'audio/wav', [header, samples, Buffer.alloc(bytes % 2)], bytes);
}

/** Segments one after the other, in the device's own counts. */
function openNpy({ id, datatype, samples, bytes }: CaptureReply, files: CaptureFiles): Download {
  const { type, bytes: sampleBytes } = DATATYPES.get(datatype)!;
  const header = npyHeader(`${type[0]}${sampleBytes}`, samples);
  return toDownload(`${id}.npy`, 'application/octet-stream', [header, samplesOf(files, bytes)], bytes);
}

type Part = Buffer | AsyncIterable<Buffer>;

function toDownload(name: string, type: string, parts: readonly Part[], sampleBytes: number): Download {
  const own = parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : 0), 0);
  const content = Readable.from(joined(parts), { objectMode: false });
  return { name, type, bytes: own + sampleBytes, content };
}

async function* joined(parts: readonly Part[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    if (!Buffer.isBuffer(part)) yield* part;
    else if (part.length > 0) yield part;
  }
}

// Opened when it is read, so that a download nobody reads opens no file.
async function* samplesOf({ data }: CaptureFiles, bytes: number): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const piece of createReadStream(data, { highWaterMark: READ_BYTES, end: Math.max(0, bytes - 1) })) {
    sent += (piece as Buffer).length;
    yield piece as Buffer;
  }
  // Better a download that breaks off than one that looks whole.
  if (sent !== bytes) throw new AppError('CAPTURE_DAMAGED', `its samples end after ${sent} bytes, expected ${bytes}`);
}

async function* flipped(samples: AsyncIterable<Buffer>, sampleBytes: number): AsyncGenerator<Buffer> {
  let at = 0; // of the file: a piece may begin inside a sample
  for await (const piece of samples) {
    const first = sampleBytes - 1 - (at % sampleBytes);
    for (let i = first; i < piece.length; i += sampleBytes) piece[i] = (piece[i] as number) ^ 0x80;
    at += piece.length;
    yield piece;
  }
}
