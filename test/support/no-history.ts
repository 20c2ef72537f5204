import type { LiveOptions } from '../../client/live.ts';

/** A server that keeps nothing. */
export const NO_HISTORY: LiveOptions['history'] = {
  load: () => Promise.reject(new Error('no history')),
  list: () => Promise.resolve({ channels: [] }),
  diagnoses: () => Promise.reject(new Error('no history')),
};
