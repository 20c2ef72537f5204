const RIFF_LIMIT = 2 ** 32 - 1;
const PCM = 1;
const IEEE_FLOAT = 3;

export interface WavFormat {
  readonly isFloat: boolean;
  readonly sampleBytes: number;
  /** Whole, 1 to 2^32 - 1. */
  readonly rateHz: number;
  readonly dataBytes: number;
}

/**
 * All of a mono WAV file before its samples: RIFF, or RF64 where sizes do not
 * fit 32 bits. RIFF has a chunk of the same size in the place of RF64's sizes.
 *
 *   RIFF/RF64 size WAVE | JUNK/ds64 28 | fmt 16 | data size
 */
export function wavHeader({ isFloat, sampleBytes, rateHz, dataBytes }: WavFormat): Buffer {
  const header = Buffer.alloc(80);
  const riffBytes = header.length - 8 + dataBytes + (dataBytes % 2);
  const isLong = riffBytes > RIFF_LIMIT;
  header.write(isLong ? 'RF64' : 'RIFF', 0);
  header.writeUInt32LE(isLong ? RIFF_LIMIT : riffBytes, 4);
  header.write('WAVE', 8);
  header.write(isLong ? 'ds64' : 'JUNK', 12);
  header.writeUInt32LE(28, 16);
  if (isLong) {
    header.writeBigUInt64LE(BigInt(riffBytes), 20);
    header.writeBigUInt64LE(BigInt(dataBytes), 28);
    header.writeBigUInt64LE(BigInt(dataBytes / sampleBytes), 36);
  }
  header.write('fmt ', 48);
  header.writeUInt32LE(16, 52);
  header.writeUInt16LE(isFloat ? IEEE_FLOAT : PCM, 56);
  header.writeUInt16LE(1, 58);
  header.writeUInt32LE(rateHz, 60);
  header.writeUInt32LE(Math.min(rateHz * sampleBytes, RIFF_LIMIT), 64);
  header.writeUInt16LE(sampleBytes, 68);
  header.writeUInt16LE(sampleBytes * 8, 70);
  header.write('data', 72);
  header.writeUInt32LE(isLong ? RIFF_LIMIT : dataBytes, 76);
  return header;
}
