import type { DiagnosesReply, DiagnosisFiguresReply, DiagnosisKindReply } from '../../server/wire/diagnosis-history.ts';
import type { PastQuery } from './channel-past.ts';

export type LoadDiagnoses = (query: PastQuery, signal?: AbortSignal) => Promise<DiagnosesReply>;

/** Where a run is looked for. */
export interface Seek {
  readonly channel: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** From which end of the range. */
  readonly from: 'begin' | 'end';
  readonly isWanted: (kind: DiagnosisKindReply, figures: DiagnosisFiguresReply) => boolean;
}

// Spans or buckets a question; each goes down into one bucket of the one before.
const COLUMNS = 300;
const DEEPEST = 8;
// Inside a stretch, not at its edge, where another run may speak.
const INSIDE_MS = 1;

/** A moment for which the first run of a range speaks that is wanted; undefined where there is none. Rejects as `load`. */
export async function seekRun(load: LoadDiagnoses, seek: Seek, signal?: AbortSignal): Promise<number | undefined> {
  let { fromMs, toMs } = seek;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const reply = await load({ channel: seek.channel, fromMs, toMs, columns: COLUMNS }, signal);
    const isWanted = (figures: DiagnosisFiguresReply) => seek.isWanted(reply.kinds[figures.kind], figures);
    const pick = <T>(all: readonly T[], test: (one: T) => boolean) =>
      seek.from === 'begin' ? all.find(test) : all.findLast(test);
    if (reply.form === 'spans') {
      const span = pick(reply.spans, isWanted);
      if (!span) return undefined;
      const insideMs = Math.min(INSIDE_MS, (span.toMs - span.fromMs) / 2);
      return seek.from === 'begin' ? span.fromMs + insideMs : span.toMs - insideMs;
    }
    const bucket = pick(reply.buckets, ({ figures }) => figures.some(isWanted));
    if (!bucket) return undefined;
    [fromMs, toMs] = [bucket.fromMs, bucket.fromMs + reply.stepMs];
  }
  return undefined;
}

/** A moment of the first run of a range than which none in it is graver; undefined where there is none. Rejects as `load`. */
export async function seekGravest(
  load: LoadDiagnoses,
  range: Pick<Seek, 'channel' | 'fromMs' | 'toMs'>,
  gravityOf: (kind: DiagnosisKindReply, figures: DiagnosisFiguresReply) => number,
): Promise<number | undefined> {
  const reply = await load({ ...range, columns: 1 });
  const all = reply.form === 'spans' ? reply.spans : reply.buckets.flatMap(({ figures }) => figures);
  const gravest = Math.max(...all.map((figures) => gravityOf(reply.kinds[figures.kind], figures)));
  return seekRun(load, { ...range, from: 'begin', isWanted: (kind, figures) => gravityOf(kind, figures) === gravest });
}
