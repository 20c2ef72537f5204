import type { Model } from './model-folder.ts';

/** How a model does that channels ask for; `stopped` while nothing is known to be wrong with it, but no thread can run it. */
export type ModelState = 'loading' | 'ready' | 'stopped' | 'quarantined' | 'unfit';

/** One model by its name: which is used, which was before. */
export interface ModelEntry {
  readonly name: string;
  readonly state: ModelState;
  /** The one in use, or the last that was. */
  readonly model?: Model;
  readonly previous?: Model;
  /** Times that its thread was ended for it since it was loaded. */
  readonly cuts: number;
  /** Why it is not used, or was cut off last, in words. */
  readonly reason?: string;
}
