import type { Outputs } from '../model/runnable-model.ts';
import type { Finding } from './finding.ts';
import type { Model } from './model-folder.ts';

/** What a thread of models starts with. */
export interface InferenceWorkerData {
  readonly models: readonly Model[];
  /** Names of those that are tried before they are used; the others were, by another thread. */
  readonly tried: readonly string[];
  /** One int32: the number of its newest step, one more when that has ended. */
  readonly steps: SharedArrayBuffer;
}

/** What it says. */
export type FromInference =
  /** The system's number of the thread, where there is one. */
  | { readonly kind: 'begun'; readonly thread: number | undefined }
  /** While the models are loaded: what it does from now on. Over `limitMs` it is to be cut off. */
  | {
      readonly kind: 'step';
      readonly number: number;
      readonly model: string;
      readonly what: string;
      readonly limitMs: number;
    }
  | { readonly kind: 'loaded'; readonly model: string; readonly findings: readonly Finding[] }
  /** All models are, which are fit or not. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outputs: Outputs; readonly ms: number }
  /** Where it is broken, the thread is of no use any more. */
  | { readonly kind: 'failed'; readonly reason: string; readonly isBroken: boolean };

/** What it is told once it is ready, one at a time: runs × rows × length, whose memory becomes the thread's. */
export interface ToInference {
  readonly kind: 'run';
  readonly model: string;
  readonly values: Float32Array<ArrayBuffer>;
}
