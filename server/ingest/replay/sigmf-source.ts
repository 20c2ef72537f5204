import { basename } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { openRecording, type Recording } from '../../sigmf/recording-reader.ts';
import { openFile, readBlocks } from './file-blocks.ts';
import { flaggedParts } from './flagged-parts.ts';
import { describeSource, type SampleRun, type SampleSource, type SourceOptions } from './sample-source.ts';

/** A SigMF recording. Its captures keep their places and times, so what was lost between them stays a gap. */
export async function openSigmf(path: string, options: SourceOptions): Promise<SampleSource> {
  const recording = await openRecording(path);
  const { global, annotations } = recording.metadata;
  const rateHz = options.rateHz ?? global['core:sample_rate'];
  if (rateHz === undefined) {
    throw new AppError('FILE_INVALID', `${basename(path)} has no core:sample_rate: expected --rate`);
  }
  const { file } = await openFile(recording.dataPath);

  let done = 0;
  return {
    ...describeSource(options, {
      datatype: recording.format.name,
      rateHz,
      scale: global['fenestra:scale'],
      offset: global['fenestra:offset'],
      unit: global['fenestra:unit'],
      fullScale: global['fenestra:full_scale'],
      epochNs: epochOf(recording, rateHz),
      window: global['fenestra:window'],
      description: global['core:description'],
      hardware: global['core:hw'],
    }),
    get progress() {
      return recording.samples === 0 ? 1 : done / recording.samples;
    },
    async *runs(): AsyncGenerator<SampleRun> {
      const unitBytes = recording.format.bytes;
      for (const { byteOffset, firstSample, samples, timeNs } of recording.stretches) {
        const to = byteOffset + samples * unitBytes;
        let at = firstSample;
        for await (const bytes of readBlocks(file, {
          from: byteOffset,
          to,
          unitBytes,
          name: basename(recording.dataPath),
        })) {
          const place = global['core:offset'] + done;
          for (const { from, to, flags } of flaggedParts(annotations, place, place + bytes.length / unitBytes)) {
            const isTimed = at === firstSample && options.epochNs === undefined; // a time that is given wins over all
            const part = bytes.subarray((from - place) * unitBytes, (to - place) * unitBytes);
            yield { firstSample: at, timeNs: isTimed ? timeNs : undefined, flags, bytes: part };
            at += to - from;
            done += to - from;
          }
        }
      }
    },
    close: () => file.close(),
  };
}

// Time of sample 0: the first capture with a time, less the samples before it.
function epochOf({ stretches }: Recording, rateHz: number): bigint | undefined {
  const first = stretches.find(({ timeNs }) => timeNs !== undefined);
  if (first?.timeNs === undefined) return undefined;
  return first.timeNs - BigInt(Math.round((first.firstSample / rateHz) * 1e9));
}
