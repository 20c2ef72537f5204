export const MODEL_FAULT_CODES = [
  'PROBABILITY_RANGE',
  'PROBABILITY_SUM',
  'SCORE_VALUE',
  'BATCH_OVER',
  'BATCH_STALLED',
  'OPENING_OVER',
  'OPENING_STALLED',
  'THREAD_ENDED',
  'THREAD_RESTARTING',
  'THREAD_FAILED',
  'VERSION_REPLACED',
  'SERVER_STOPPING',
  'GRAPH_HASH',
  'RUNTIME_MISSING',
  'RUNTIME_OVER',
  'WORKER_MISSING',
  'OUTPUT_SHAPE',
  'OUTPUT_TYPE',
] as const;

/** Why a model gave no answer, or is not used, as a code with its figures. */
export interface ModelFault {
  readonly code: (typeof MODEL_FAULT_CODES)[number];
  readonly found?: string;
  readonly expected?: string;
  /** Free text: of the runtime or the network, or what an output is called. */
  readonly detail?: string;
}
