import type { MergeKernel } from '../kernels/merge-kernel.ts';
import type { Summary } from '../trend/summary.ts';

/** What all samples of `parts`, at least one, came to together, however many parts there are. */
export function mergeAll(kernel: MergeKernel, parts: readonly Summary[]): Summary {
  if (parts.length === 1) return parts[0];
  let merged = kernel.merge(parts.slice(0, kernel.capacity));
  for (let at = kernel.capacity; at < parts.length; at += kernel.capacity - 1) {
    merged = kernel.merge([merged, ...parts.slice(at, at + kernel.capacity - 1)]);
  }
  return merged;
}
