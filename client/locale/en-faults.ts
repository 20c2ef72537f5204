/** What a fault has; the rest is left out. */
interface Parts {
  readonly found?: string;
  readonly expected?: string;
  readonly detail?: string;
}

/** Why a model gave no answer, or is not used, in English, by the code of the fault. */
export const enFaults = {
  PROBABILITY_RANGE: ({ found = '' }) => `a probability is ${found}; expected 0 to 1`,
  PROBABILITY_SUM: ({ found = '' }) => `its probabilities add up to ${found}; expected 1`,
  SCORE_VALUE: ({ found = '' }) => `its unknown score is ${found}`,
  BATCH_OVER: ({ found = '', expected = '' }) =>
    `a batch of ${found} did not return within ${expected}\u202fms and was cut off`,
  BATCH_STALLED: ({ found = '', expected = '' }) =>
    `a batch of ${found} stood still for ${expected}\u202fs and was cut off`,
  OPENING_OVER: ({ expected = '' }) => `opening its graph took longer than ${expected}\u202fms and was cut off`,
  OPENING_STALLED: ({ expected = '' }) => `opening its graph stood still for ${expected}\u202fs and was cut off`,
  THREAD_ENDED: () => 'its thread has ended',
  THREAD_RESTARTING: () => 'its thread has ended, and another is being started',
  THREAD_FAILED: ({ detail = '' }) => `its thread has ended: ${detail}`,
  VERSION_REPLACED: ({ found = '' }) => `the run was cut for version ${found}, which is no longer used`,
  SERVER_STOPPING: () => 'the server is stopping',
  GRAPH_HASH: ({ found = '', expected = '' }) => `the SHA-256 of its graph is ${found}; expected ${expected}`,
  RUNTIME_MISSING: ({ detail = '' }) => `the runtime could not be fetched: ${detail}`,
  RUNTIME_OVER: ({ expected = '' }) => `the runtime did not come within ${expected}\u202fms`,
  WORKER_MISSING: () => 'its script could not be fetched',
  OUTPUT_SHAPE: ({ found = '', expected = '', detail = '' }) =>
    `its output ${detail} has shape [${found}]; expected [${expected}]`,
  OUTPUT_TYPE: ({ detail = '' }) => `its output ${detail} is not f32`,
} satisfies Record<string, (parts: Parts) => string>;
