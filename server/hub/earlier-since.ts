import type { Diagnosis } from '../trend/diagnosis.ts';
import {
  type DiagnosisHistory,
  type DiagnosisRequest,
  type DiagnosisSpan,
  SPAN_GAP_NS,
} from '../trend/diagnosis-history.ts';

export interface EarlierSinceOptions {
  /** Reads the history. May reject. */
  readonly read: (request: DiagnosisRequest) => Promise<DiagnosisHistory>;
  /** Since when the channel has come to what this run came to: longer than the run. */
  readonly tell: (run: Diagnosis, sinceNs: bigint) => void;
  readonly onError: (error: unknown) => void;
}

const HOUR_NS = 3_600_000_000_000n;
/** How far back is looked, in turn; what has lasted longer is told as that long. */
const LOOKS_NS = [HOUR_NS, 24n * HOUR_NS, 31n * 24n * HOUR_NS];
const COLUMNS = 2000;

/**
 * Asks the history, at the first run of each channel after a start, since when
 * the channel has come to the same, so that it is not told as new. One channel
 * after the other: others ask the history too.
 */
export class EarlierSince {
  readonly #options: EarlierSinceOptions;
  /** As many as ingest allows. */
  readonly #channels = new Set<string>();
  readonly #waiting: Diagnosis[] = [];
  #isAsking = false;

  constructor(options: EarlierSinceOptions) {
    this.#options = options;
  }

  /** Takes what a run came to. */
  take(run: Diagnosis): void {
    if (this.#channels.has(run.channel)) return;
    this.#channels.add(run.channel);
    this.#waiting.push(run);
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { tell, onError } = this.#options;
    this.#isAsking = true;
    for (let run = this.#waiting.shift(); run !== undefined; run = this.#waiting.shift()) {
      try {
        const sinceNs = await this.#find(run);
        if (sinceNs !== undefined) tell(run, sinceNs);
      } catch (error) {
        onError(error);
      }
    }
    this.#isAsking = false;
  }

  async #find(run: Diagnosis): Promise<bigint | undefined> {
    let sinceNs: bigint | undefined;
    for (const lookNs of LOOKS_NS) {
      const fromNs = run.timeNs - lookNs;
      const found = await this.#options.read({ channel: run.channel, fromNs, toNs: run.endNs, columns: COLUMNS });
      const span = found.form === 'spans' ? spanOf(run, found.spans) : undefined;
      if (span === undefined || span.fromNs >= run.timeNs) return sinceNs;
      sinceNs = span.fromNs;
      if (sinceNs > fromNs) return sinceNs;
    }
    return sinceNs;
  }
}

/** The span that the run is in, or would be once it is kept. */
function spanOf(run: Diagnosis, spans: readonly DiagnosisSpan[]): DiagnosisSpan | undefined {
  const span = spans.find(({ toNs }) => toNs >= run.endNs) ?? spans.at(-1);
  return span !== undefined && isAlike(run, span) && span.toNs + SPAN_GAP_NS >= run.timeNs ? span : undefined;
}

function isAlike({ model, version, outcome }: Diagnosis, span: DiagnosisSpan): boolean {
  const label = 'label' in outcome ? outcome.label : undefined;
  return span.model === model && span.version === version && span.outcome === outcome.kind && span.label === label;
}
