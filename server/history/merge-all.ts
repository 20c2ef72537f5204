import type { MergeKernel } from '../kernels/merge-kernel.ts';
import type { Summary } from '../trend/summary.ts';

/** Makes a function that tells what all samples of at least one summary came to together, however many there are. */
export function mergeAll(kernel: MergeKernel): (parts: readonly Summary[]) => Summary {
  const more = kernel.capacity - 1;
  return (parts) => {
    if (parts.length === 1) return parts[0];
    let merged = kernel.merge(parts.slice(0, kernel.capacity));
    for (let at = kernel.capacity; at < parts.length; at += more) {
      merged = kernel.merge([merged, ...parts.slice(at, at + more)]);
    }
    return merged;
  };
}
