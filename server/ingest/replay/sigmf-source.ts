import { basename } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { openRecording, type Stretch } from '../../sigmf/recording-reader.ts';
import { type SampleAnchor, timeFrom } from '../../trend/sample-time.ts';
import { WindowFlag } from '../../trend/trend-window.ts';
import { openFile, readBlocks } from './file-blocks.ts';
import { flaggedParts } from './flagged-parts.ts';
import { describeSource, type SampleRun, type SampleSource, type SourceOptions } from './sample-source.ts';

/** A SigMF recording. Its captures keep their places and times, so what was lost between them stays a gap. */
export async function openSigmf(path: string, options: SourceOptions): Promise<SampleSource> {
  const recording = await openRecording(path);
  const { global, annotations } = recording.metadata;
  const rateHz = options.rateHz ?? global['core:sample_rate'] ?? global['fenestra:sample_rate'];
  if (rateHz === undefined) {
    throw new AppError('FILE_INVALID', `${basename(path)} has no core:sample_rate: expected --rate`);
  }
  const { epoch, told } = timesOf(recording.stretches, rateHz);
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
      epochNs: epoch?.timeNs,
      epochSample: epoch?.index,
      window: global['fenestra:window'],
      description: global['core:description'],
      hardware: global['core:hw'],
    }),
    get progress() {
      return recording.samples === 0 ? 1 : done / recording.samples;
    },
    async *runs(): AsyncGenerator<SampleRun> {
      const unitBytes = recording.format.bytes;
      for (const { byteOffset, firstSample, samples } of recording.stretches) {
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
            const shift = at - from; // from a place in the file to an index
            const cuts = [...told.keys()].filter((index) => index > at && index < shift + to);
            for (const [i, end] of [...cuts, shift + to].entries()) {
              const timeNs = options.epochNs === undefined ? told.get(at) : undefined; // a time that is given wins over all
              yield {
                firstSample: at,
                timeNs,
                flags: i === 0 ? flags : flags & ~WindowFlag.SampleLoss,
                bytes: bytes.subarray((at - shift - place) * unitBytes, (end - shift - place) * unitBytes),
              };
              done += end - at;
              at = end;
            }
          }
        }
      }
    },
    close: () => file.close(),
  };
}

/**
 * What the times of a recording are reckoned from: the first ones from `epoch`,
 * and from each sample in `told` on from its time, where the clock was set.
 */
function timesOf(stretches: readonly Stretch[], rateHz: number) {
  const told = new Map<number, bigint>();
  let epoch: SampleAnchor | undefined;
  let newest: SampleAnchor | undefined;
  for (const stretch of stretches) {
    const anchor = anchorOf(stretch, rateHz);
    if (anchor === undefined || (anchor.index === newest?.index && anchor.timeNs === newest.timeNs)) continue;
    newest = anchor;
    if (epoch === undefined) epoch = anchor;
    else if (anchor.index <= stretch.firstSample && stretches.some((one) => holds(one, anchor.index)))
      told.set(anchor.index, anchor.timeNs);
    else if (stretch.timeNs !== undefined) told.set(stretch.firstSample, stretch.timeNs);
  }
  return { epoch, told };
}

// Of what a person has changed since, the standard's own keys count.
function anchorOf({ anchor, firstSample, timeNs }: Stretch, rateHz: number): SampleAnchor | undefined {
  if (timeNs === undefined) return undefined;
  const isGood = anchor !== undefined && timeFrom(anchor, firstSample, rateHz) === timeNs;
  return isGood ? anchor : { index: firstSample, timeNs };
}

function holds({ firstSample, samples }: Stretch, index: number): boolean {
  return index >= firstSample && index < firstSample + samples;
}
