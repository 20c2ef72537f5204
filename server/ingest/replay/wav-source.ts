import { basename } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { openFile, readBlocks } from './file-blocks.ts';
import { describeSource, type SampleRun, type SampleSource, type SourceOptions } from './sample-source.ts';
import { readWavHeader, type WavHeader } from './wav-header.ts';

/**
 * One channel of a WAV file. Full scale is 1, as with every WAV program:
 * integers get a scale of their own unless one is given. Samples of 24 bits are
 * sent as 32.
 */
export async function openWav(path: string, options: SourceOptions): Promise<SampleSource> {
  const name = basename(path);
  const { file, bytes } = await openFile(path);
  try {
    const header = await readWavHeader(file, bytes, name);
    const channel = pickChannel(header.channels, options.wavChannel, name);
    const frameBytes = (header.bits / 8) * header.channels;
    const frames = Math.floor((header.dataTo - header.dataFrom) / frameBytes);
    const to = header.dataFrom + frames * frameBytes;

    let read = 0;
    return {
      ...describeSource(options, { ...sampleForm(header), rateHz: header.rateHz, description: name }),
      get progress() {
        return frames === 0 ? 1 : read / frames;
      },
      async *runs(): AsyncGenerator<SampleRun> {
        for await (const block of readBlocks(file, { from: header.dataFrom, to, unitBytes: frameBytes, name })) {
          yield { firstSample: read, timeNs: undefined, bytes: pick(block, channel, header) };
          read += block.length / frameBytes;
        }
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function pickChannel(channels: number, wanted: number | undefined, name: string): number {
  if (wanted === undefined && channels > 1) {
    throw new AppError('FILE_INVALID', `${name} has ${channels} channels: expected --wav-channel 1 to ${channels}`);
  }
  const channel = wanted ?? 1;
  if (channel > channels)
    throw new AppError('FILE_INVALID', `${name} has ${channels} channels, not a channel ${channel}`);
  return channel - 1;
}

function sampleForm({ encoding, bits }: WavHeader) {
  if (encoding === 'float') return { datatype: bits === 32 ? 'rf32_le' : 'rf64_le' };
  switch (bits) {
    case 8:
      return { datatype: 'ru8', scale: 2 ** -7, offset: -1 };
    case 16:
      return { datatype: 'ri16_le', scale: 2 ** -15 };
    case 24: // its own ends of range, since the sample it travels in has wider ones
      return { datatype: 'ri32_le', scale: 2 ** -23, fullScale: [-(2 ** 23), 2 ** 23 - 1] as const };
    default:
      return { datatype: 'ri32_le', scale: 2 ** -31 };
  }
}

// The bytes of one channel out of interleaved frames.
function pick(block: Uint8Array<ArrayBuffer>, channel: number, { bits, channels }: WavHeader): Uint8Array {
  if (channels === 1 && bits !== 24) return block;
  const bytes = bits / 8;
  const frames = block.length / (bytes * channels);
  const wide = bits === 24 ? 4 : bytes;
  const picked = new Uint8Array(frames * wide);
  for (let i = 0; i < frames; i++) {
    const from = (i * channels + channel) * bytes;
    for (let b = 0; b < bytes; b++) picked[i * wide + b] = block[from + b];
    if (bits === 24) picked[i * wide + 3] = block[from + 2] & 0x80 ? 0xff : 0; // the sign
  }
  return picked;
}
