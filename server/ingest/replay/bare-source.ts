import { basename } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { sampleFormat } from '../../sigmf/datatype.ts';
import { openFile, readBlocks } from './file-blocks.ts';
import { describeSource, type SampleRun, type SampleSource, type SourceOptions } from './sample-source.ts';

/** A file of samples and nothing else. Its datatype and rate must be told. */
export async function openBare(path: string, options: SourceOptions): Promise<SampleSource> {
  const name = basename(path);
  const { datatype, rateHz } = options;
  if (datatype === undefined || rateHz === undefined) {
    throw new AppError('FILE_INVALID', `${name} holds bare samples: expected --datatype and --rate`);
  }
  const { bytes: unitBytes } = sampleFormat(datatype);
  const { file, bytes } = await openFile(path);
  if (bytes % unitBytes !== 0) {
    await file.close();
    throw new AppError(
      'FILE_INVALID',
      `${name} has ${bytes} bytes, expected a multiple of ${unitBytes} for ${datatype}`,
    );
  }

  let read = 0;
  return {
    ...describeSource(options, { datatype, rateHz }),
    get progress() {
      return bytes === 0 ? 1 : read / bytes;
    },
    async *runs(): AsyncGenerator<SampleRun> {
      for await (const block of readBlocks(file, { from: 0, to: bytes, unitBytes, name })) {
        yield { firstSample: read / unitBytes, timeNs: undefined, bytes: block };
        read += block.length;
      }
    },
    close: () => file.close(),
  };
}
