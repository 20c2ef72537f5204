import type { KernelModule } from '../../server/kernels/module.ts';
import { SAMPLE_BYTES } from '../../server/kernels/sample-type.ts';
import { type CaptureReply, overviewBytes } from '../../server/wire/captures.ts';
import { capturePath } from '../net/captures.ts';
import { RangeFile } from '../net/range-file.ts';
import type { Fetch } from '../net/request.ts';
import { CaptureWave } from './capture-wave.ts';
import { DeviceFlags } from './device-flags.ts';
import { sampleTypeOf } from './sample-values.ts';
import { SelectionStudy } from './selection-study.ts';
import { StudyDesk } from './study-desk.ts';

const CHUNK_BYTES = 64 * 1024;
const DATA_LIMIT_BYTES = 64 * 1024 * 1024;
const OVERVIEW_LIMIT_BYTES = 16 * 1024 * 1024;

/** A recording that is looked at: what it is drawn from and what is worked out of it. */
export interface CaptureViewing {
  readonly wave: CaptureWave;
  readonly desk: StudyDesk;
  readonly flags: DeviceFlags;
  readonly data: RangeFile;
  readonly overview: RangeFile;
  close(): void;
}

/** Opens a recording that is ready. Throws for a datatype that is not known. */
export function openCapture(
  capture: CaptureReply,
  { fetch, kernels }: { readonly fetch: Fetch; readonly kernels: KernelModule },
): CaptureViewing {
  const open = (name: string, bytes: number, limitBytes: number) =>
    new RangeFile({ path: `${capturePath(capture.id)}/${name}`, bytes, fetch, chunkBytes: CHUNK_BYTES, limitBytes });
  const data = open('data', capture.samples * SAMPLE_BYTES[sampleTypeOf(capture.datatype)], DATA_LIMIT_BYTES);
  const overview = open('overview', overviewBytes(capture.overview).all, OVERVIEW_LIMIT_BYTES);
  const wave = new CaptureWave(capture, { data, overview }, kernels);
  const desk = new StudyDesk(new SelectionStudy(wave, { data, overview }, kernels));
  const flags = new DeviceFlags(capture, fetch);
  void flags.load();
  return {
    wave,
    desk,
    flags,
    data,
    overview,
    close() {
      flags.close();
      desk.close();
      wave.close();
    },
  };
}
