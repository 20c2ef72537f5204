import type { ModelManifest } from '../../server/model/manifest.ts';
import type { Outputs } from '../../server/model/runnable-model.ts';

/** What the worker of the models is told, one at a time. */
export type ToModelWorker =
  /** Checks the graph's hash and opens it, in the place of another version of that name. */
  | { readonly kind: 'open'; readonly manifest: ModelManifest; readonly bytes: Uint8Array }
  /** runs × rows × length, whose memory becomes the worker's. */
  | { readonly kind: 'run'; readonly model: string; readonly values: Float32Array<ArrayBuffer> };

/** What it answers; before it is told anything, whether it has the runtime. */
export type FromModelWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'done'; readonly outputs: Outputs; readonly ms: number }
  /** Where it is broken, the worker is of no use any more. */
  | { readonly kind: 'failed'; readonly reason: string; readonly isBroken: boolean };
