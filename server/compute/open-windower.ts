import type { KernelModule } from '../kernels/module.ts';
import { ReduceKernel } from '../kernels/reduce-kernel.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { OpenSink } from '../trend/sample-sink.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { Windower } from './windower.ts';

// One read of a socket, and what a sample cut by the read before left.
const STAGING_BYTES = 65_536 + 8;

/** Makes sinks that reduce with the compiled kernels and hand their windows to `emit`. */
export function openWindower(module: KernelModule, emit: (window: TrendWindow) => void): OpenSink {
  return (info, timeOf) => {
    const sample = DATATYPES.get(info.datatype);
    if (sample === undefined) throw new Error(`datatype ${info.datatype} was not checked`);
    return new Windower({
      info,
      sampleBytes: sample.bytes,
      openKernel: ({ fullScale }) =>
        new ReduceKernel(module, { type: sample.type, stagingBytes: STAGING_BYTES, ...(fullScale && { fullScale }) }),
      timeOf,
      emit,
    });
  };
}
