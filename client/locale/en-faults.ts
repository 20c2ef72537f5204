/** What a fault has; the rest is left out. */
interface Parts {
  readonly found?: string;
  readonly expected?: string;
  readonly detail?: string;
}

/** Why a model gave no answer, or is not used, in English, by the code of the fault. */
export const enFaults = {
  PROBABILITY_RANGE: ({ found = '' }) => `a probability is ${found}; 0 to 1 is expected`,
  PROBABILITY_SUM: ({ found = '' }) => `its probabilities add up to ${found}; 1 is expected`,
  SCORE_VALUE: ({ found = '' }) => `its unknown score is ${found}`,
  BATCH_OVER: ({ found = '', expected = '' }) => `cut off: a batch of ${found} took longer than ${expected}\u202fms`,
  BATCH_STALLED: ({ found = '', expected = '' }) => `cut off: a batch of ${found} stood still for ${expected}\u202fs`,
  OPENING_OVER: ({ expected = '' }) => `cut off: its graph was not open after ${expected}\u202fms`,
  THREAD_ENDED: () => 'its thread has ended',
  THREAD_RESTARTING: () => 'its thread has ended, and another is being started',
  THREAD_FAILED: ({ detail = '' }) => `its thread has ended: ${detail}`,
  VERSION_REPLACED: ({ found = '' }) => `the run was cut for version ${found}, which is no longer used`,
  SERVER_STOPPING: () => 'the server is stopping',
  GRAPH_HASH: ({ found = '', expected = '' }) => `its graph has SHA-256 ${found}; ${expected} is expected`,
  RUNTIME_MISSING: ({ detail = '' }) => `the runtime could not be fetched: ${detail}`,
  RUNTIME_OVER: ({ expected = '' }) => `the runtime did not come within ${expected}\u202fms`,
  WORKER_MISSING: () => 'its script could not be fetched',
  OUTPUT_SHAPE: ({ found = '', expected = '', detail = '' }) =>
    `its output ${detail} has shape [${found}]; [${expected}] is expected`,
  OUTPUT_TYPE: ({ detail = '' }) => `its output ${detail} is not f32`,
} satisfies Record<string, (parts: Parts) => string>;
