import { openWindower } from '../compute/open-windower.ts';
import type { SampleSource } from '../ingest/replay/sample-source.ts';
import { Stream } from '../ingest/stream.ts';
import type { KernelModule } from '../kernels/module.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { TrendWindow } from '../trend/trend-window.ts';

export interface ReduceOptions {
  readonly module: KernelModule;
  /** Samples a window. */
  readonly window: number;
  /** Told of each window before the next piece of the file is read. */
  readonly emit: (window: TrendWindow) => Promise<void> | void;
  readonly onProgress?: (progress: number) => void;
}

/**
 * Reduces a whole recording the way a live stream is reduced, by the same
 * code: gaps, clipping, flags and times mean the same. Where the recording
 * tells no time, sample 0 is at 0.
 */
export async function reduceSource(source: SampleSource, options: ReduceOptions): Promise<void> {
  const { module, window, emit, onProgress } = options;
  const { datatype, rateHz, unit, scale, offset, fullScale, description, hardware } = source;
  const sampleBytes = DATATYPES.get(datatype)!.bytes;
  let windows: TrendWindow[] = [];
  const stream = new Stream({
    info: {
      channel: '-',
      stream: '-',
      datatype,
      rateHz,
      window,
      unit,
      scale,
      offset,
      description,
      hardware,
      recorder: '',
    },
    sampleBytes,
    epochNs: source.epochNs ?? 0n,
    epochSample: source.epochSample,
    openSink: openWindower({ module, emit: (one) => void windows.push(one) }),
  });
  stream.sink.describe({ scale, offset, fullScale });

  const handOut = async () => {
    const ready = windows;
    windows = [];
    for (const one of ready) await emit(one);
  };
  for await (const run of source.runs()) {
    stream.begin({
      first: run.firstSample,
      samples: run.bytes.length / sampleBytes,
      flags: 0,
      timeNs: run.timeNs ?? 0n,
    });
    stream.write(run.bytes, 0, run.bytes.length, 0);
    await handOut();
    onProgress?.(source.progress);
  }
  stream.sink.end();
  await handOut();
}
