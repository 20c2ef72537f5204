import type { KernelModule } from '../kernels/module.ts';
import { ReduceKernel } from '../kernels/reduce-kernel.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { RingWatch } from '../trend/raw-ring.ts';
import type { SampleTimes } from '../trend/sample-time.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { RING_MIN_BYTES, RingPool } from './ring-pool.ts';
import { Windower } from './windower.ts';

const NO_PAST = { ringBytes: RING_MIN_BYTES, ringsBytes: RING_MIN_BYTES };

export interface WindowersOptions {
  readonly module: KernelModule;
  /** Where the last samples of all of them are kept; without it each keeps one read of a socket. */
  readonly rings?: RingPool;
  readonly emit: (window: TrendWindow) => void;
  /** Who looks at the samples of a channel as they come. */
  readonly watchOf?: (channel: string) => RingWatch | undefined;
}

/** Makes sinks that reduce with the compiled kernels and hand their windows to `emit`. */
export function openWindower({ module, rings = new RingPool(NO_PAST), emit, watchOf }: WindowersOptions) {
  return (info: ChannelInfo, times: SampleTimes): Windower => {
    const sample = DATATYPES.get(info.datatype);
    if (sample === undefined) throw new Error(`datatype ${info.datatype} was not checked`);
    return new Windower({
      info,
      sampleBytes: sample.bytes,
      openKernel: ({ fullScale }, stagingBytes) =>
        new ReduceKernel(module, { type: sample.type, stagingBytes, ...(fullScale && { fullScale }) }),
      rings,
      times,
      emit,
      watch: watchOf?.(info.channel),
    });
  };
}
