import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureStore } from '../../server/capture/capture-store.ts';
import { Recording } from '../../server/capture/recording.ts';
import type { CaptureReply } from '../../server/wire/captures.ts';
import { captureReply } from './capture-files.ts';
import { loadKernels } from './ingest.ts';
import { silentLog } from './silent-log.ts';

const PIECE_SAMPLES = 1 << 19;
// A saw whose length is prime, so that no two cells of the overview are alike.
const SAW_SAMPLES = 9973;

export interface StoredRecording {
  /** `storage.directory` of the server that is to have it. */
  readonly directory: string;
  readonly id: string;
  readonly samples: number;
  /** The one sample that is larger than all others. */
  readonly spike: { readonly at: number; readonly count: number };
}

/** Writes a recording of int16 samples at 10 MS/s as the server does, a piece at a time, however long it is. */
export async function storeRecording({ directory, id, samples, spike }: StoredRecording): Promise<CaptureReply> {
  const folder = join(directory, 'captures');
  mkdirSync(folder, { recursive: true });
  const { segments, overview: _, ...begun } = captureReply({ id, samples, scale: 1 });
  const { index, timeMs } = segments[0]!;
  const capture: CaptureReply = { ...begun, state: 'recording', segments: [], overview: { cell: 0, levels: [] } };
  const { channel, stream, datatype, rateHz, unit, scale, offset } = capture;
  const told = { hardware: '', description: '', recorder: '' };
  const info = { channel, stream, datatype, rateHz, window: 50_000, unit, scale, offset, ...told };
  const store = await CaptureStore.open(folder, silentLog());
  const recording = await Recording.create({ directory: folder, capture, info, module: await loadKernels() });

  const timeNs = BigInt(Math.round(timeMs * 1e6));
  const start = { index, timeNs, anchor: { index, timeNs } };
  const saw = Int16Array.from({ length: PIECE_SAMPLES + SAW_SAMPLES }, (_, i) => i % SAW_SAMPLES);
  for (let from = 0; from < samples; from += PIECE_SAMPLES) {
    const phase = from % SAW_SAMPLES;
    const piece = saw.slice(phase, phase + Math.min(PIECE_SAMPLES, samples - from));
    if (spike.at >= from && spike.at < from + piece.length) piece[spike.at - from] = spike.count;
    await recording.append({ buffer: piece.buffer, ...(from === 0 && { start }) });
  }
  const ready = await recording.finish({ overtaken: 0 });
  await store.put(ready);
  return ready;
}
