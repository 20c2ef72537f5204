import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';

/** Where a WAV file's samples lie and what they are. */
export interface WavHeader {
  readonly encoding: 'integer' | 'float';
  readonly bits: 8 | 16 | 24 | 32 | 64;
  readonly channels: number;
  readonly rateHz: number;
  readonly dataFrom: number;
  readonly dataTo: number;
}

// A WAV file is 'RIFF', u32 length, 'WAVE', then chunks: four letters, u32
// length, content padded to an even length. 'fmt ' comes before 'data'.
const CHUNK_BYTES = 8;
const FIRST_CHUNK = 12;
const CHUNK_LIMIT = 1024;
const FORMAT_BYTES = 40;
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Written by programs that did not know the length: the samples go on to the end of the file. */
const UNKNOWN_LENGTH = 0xffff_ffff;

/** Reads the header. Throws `FILE_INVALID` where it is none or its samples cannot be streamed. */
export async function readWavHeader(file: FileHandle, fileBytes: number, name: string): Promise<WavHeader> {
  const riff = await readAt(file, 0, FIRST_CHUNK);
  const magic = riff.toString('latin1', 0, 4);
  if ((magic !== 'RIFF' && magic !== 'RF64') || riff.toString('latin1', 8, 12) !== 'WAVE') {
    throw invalid(name, `begins with ${JSON.stringify(magic)}, expected a RIFF or RF64 file of type WAVE`);
  }

  let format: Buffer | undefined;
  let at = FIRST_CHUNK;
  for (let i = 0; i < CHUNK_LIMIT && at + CHUNK_BYTES <= fileBytes; i++) {
    const chunk = await readAt(file, at, CHUNK_BYTES);
    const kind = chunk.toString('latin1', 0, 4);
    const bytes = chunk.readUInt32LE(4);
    const from = at + CHUNK_BYTES;
    if (kind === 'fmt ') format = await readAt(file, from, Math.min(bytes, FORMAT_BYTES));
    if (kind === 'data')
      return { ...parseFormat(format, name), dataFrom: from, dataTo: dataEnd(from, bytes, fileBytes) };
    at = from + bytes + (bytes % 2);
  }
  throw invalid(name, 'has no data chunk');
}

function dataEnd(from: number, bytes: number, fileBytes: number): number {
  return bytes === UNKNOWN_LENGTH || bytes === 0 ? fileBytes : Math.min(from + bytes, fileBytes);
}

function parseFormat(format: Buffer | undefined, name: string): Omit<WavHeader, 'dataFrom' | 'dataTo'> {
  if (format === undefined || format.length < 16) throw invalid(name, 'has no fmt chunk of 16 bytes before its data');
  const tag = format.readUInt16LE(0);
  const code = tag === EXTENSIBLE && format.length >= 26 ? format.readUInt16LE(24) : tag;
  const channels = format.readUInt16LE(2);
  const rateHz = format.readUInt32LE(4);
  const bits = format.readUInt16LE(14);
  if (channels === 0) throw invalid(name, 'has 0 channels, expected 1 or more');
  if (rateHz === 0) throw invalid(name, 'has a sample rate of 0 Hz');
  if (code === PCM && (bits === 8 || bits === 16 || bits === 24 || bits === 32)) {
    return { encoding: 'integer', bits, channels, rateHz };
  }
  if (code === FLOAT && (bits === 32 || bits === 64)) return { encoding: 'float', bits, channels, rateHz };
  throw invalid(
    name,
    `has encoding ${code} with ${bits} bits, expected PCM of 8, 16, 24 or 32 bits or float of 32 or 64`,
  );
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  await file.read(buffer, 0, bytes, at); // a file that is too short leaves zeros, which no check passes
  return buffer;
}

function invalid(name: string, problem: string): AppError {
  return new AppError('FILE_INVALID', `${name} ${problem}`);
}
