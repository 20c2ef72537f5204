// What is written {so} is a part of the fault. The first that fits holds. None begins as a check's finding, `input: …`, does.
const WORDS = {
  PROBABILITY_RANGE: 'a probability is {found}; expected 0 to 1',
  PROBABILITY_SUM: 'the probabilities add up to {found}; expected 1',
  SCORE_VALUE: 'the unknown score is {found}',
  BATCH_OVER: 'a batch of {found} did not return within {expected} ms and was cut off',
  BATCH_STALLED: 'a batch of {found} stood still for {expected} s and was cut off',
  OPENING_OVER: 'opening the graph did not return within {expected} ms and was cut off',
  OPENING_STALLED: 'opening the graph stood still for {expected} s and was cut off',
  THREAD_ENDED: 'its thread has ended',
  THREAD_RESTARTING: 'its thread has ended, and another is being started',
  THREAD_FAILED: 'its thread has ended: {detail}',
  VERSION_REPLACED: 'the run was cut for version {found} of the model, which is not used any more',
  SERVER_STOPPING: 'the server stops',
  GRAPH_HASH: 'the SHA-256 of its graph is {found}; expected {expected}',
  RUNTIME_MISSING: 'the runtime did not come: {detail}',
  RUNTIME_OVER: 'the runtime did not come within {expected} ms',
  WORKER_MISSING: 'its script did not come',
  OUTPUT_SHAPE: 'the output {detail} has shape [{found}]; expected [{expected}]',
  OUTPUT_TYPE: 'the output {detail} is not f32',
} as const;

export type ModelFaultCode = keyof typeof WORDS;

/** Why a model gave no answer, or is not used; of the parts there are those that the code has. */
export interface ModelFault {
  readonly code: ModelFaultCode;
  readonly found?: string;
  readonly expected?: string;
  /** Free text: of the runtime or the network, or what an output is called. */
  readonly detail?: string;
}

export const MODEL_FAULT_CODES = Object.keys(WORDS) as ModelFaultCode[];

const PATTERNS = MODEL_FAULT_CODES.map((code) => {
  const escaped = WORDS[code].replace(/[[\](){}.?*+^$|\\]/g, '\\$&');
  return [code, new RegExp(`^${escaped.replace(/\\\{(\w+)\\\}/g, '(?<$1>.+)')}$`, 's')] as const;
});

/** Why a model gives no answer, in the words that are stored. */
export function faultInWords({ code, ...parts }: ModelFault): string {
  return WORDS[code].replace(/\{(\w+)\}/g, (_, part: keyof typeof parts) => parts[part] ?? '');
}

/** What those words say; undefined where they are others, such as the runtime's own. */
export function faultFromWords(words: string): ModelFault | undefined {
  for (const [code, pattern] of PATTERNS) {
    const found = pattern.exec(words);
    if (found !== null) return { code, ...found.groups };
  }
  return undefined;
}
