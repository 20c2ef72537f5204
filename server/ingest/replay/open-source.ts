import { extname } from 'node:path';
import { isRecordingPath } from '../../sigmf/recording-reader.ts';
import { openBare } from './bare-source.ts';
import { openCsv } from './csv-source.ts';
import type { SampleSource, SourceFormat, SourceOptions } from './sample-source.ts';
import { openSigmf } from './sigmf-source.ts';
import { openWav } from './wav-source.ts';

/** Opens a recording of any kind, by its name unless `format` says otherwise. Throws `FILE_INVALID`. */
export function openSource(path: string, options: SourceOptions): Promise<SampleSource> {
  switch (options.format ?? formatOf(path)) {
    case 'sigmf':
      return openSigmf(path, options);
    case 'wav':
      return openWav(path, options);
    case 'csv':
      return openCsv(path, options);
    case 'bare':
      return openBare(path, options);
  }
}

function formatOf(path: string): SourceFormat {
  if (isRecordingPath(path)) return 'sigmf';
  switch (extname(path).toLowerCase()) {
    case '.wav':
      return 'wav';
    case '.csv':
    case '.tsv':
      return 'csv';
    default:
      return 'bare';
  }
}
