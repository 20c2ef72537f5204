import type { RunDiagnosisReply } from '../../server/wire/diagnosis-history.ts';
import { reasonOf, spanName } from '../components/diagnosis-verdict.ts';
import type { ClassShare } from '../components/fen-class-bars.ts';
import type { Figure } from '../components/fen-figures.ts';
import { type Locale, THIN } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { RUN_TEXTS } from '../locale/run-texts.ts';
import type { DiagnosisLook } from '../store/diagnosis-span.ts';
import type { OpenedRunState } from '../store/opened-run.ts';
import type { SamplesState } from '../store/run-samples.ts';

// What a run came to, in words.

/** What it came to; its class as the version in use names it. */
export function lookOf(diagnosis: RunDiagnosisReply, manifest: OpenedRunState['manifest']): DiagnosisLook {
  const { outcome, label, classIndex = 0, probabilities, version } = diagnosis;
  const ofClass = manifest?.classes.find((each) => each.label === label);
  const isUnsure = outcome === 'class' && (probabilities?.[classIndex] ?? 1) < leastConfidence(version, manifest);
  return { kind: outcome, label, ofClass, isUnsure };
}

/** Why it has no class; empty where it has one. */
export function reasonWords({ outcome: kind, reason = '', lack, fault }: RunDiagnosisReply, locale: Locale): string {
  if (kind !== 'incomplete' && kind !== 'unavailable') return '';
  return reasonOf({ kind, reason, ...(lack && { lack }), ...(fault && { fault }) }, locale) ?? '';
}

/** What is recorded of its raw samples. */
export function keptWords(
  { isNew, heldMs, isWhole, isEnd }: Extract<SamplesState, { kind: 'kept' }>,
  run: Pick<RunDiagnosisReply, 'timeMs' | 'endMs'> | undefined,
  locale: Locale,
): string {
  const text = RUN_TEXTS[locale.language];
  if (isWhole || !run) return isNew ? text.samplesNew : text.samplesKept;
  const [held, whole] = [heldMs, run.endMs - run.timeMs].map((ms) => locale.fixed(ms / 1000, 2));
  return isEnd ? text.samplesLast(held, whole) : text.samplesPart(held, whole);
}

/** What a class is called, by its label. */
export function labelWords(label: string, manifest: OpenedRunState['manifest'], locale: Locale): string {
  const ofClass = manifest?.classes.find((each) => each.label === label);
  return spanName({ kind: 'class', label, ofClass, isUnsure: false }, locale);
}

/** How probable each class is; none where nobody could say, or the classes of its version are not known. */
export function classShares(
  { probabilities, classIndex, label, outcome, version }: RunDiagnosisReply,
  manifest: OpenedRunState['manifest'],
  locale: Locale,
): ClassShare[] {
  if (!probabilities) return [];
  const known = manifest?.version === version || manifest?.classes.length === probabilities.length;
  const classes = known ? manifest?.classes : undefined;
  return probabilities.map((probability, at) => {
    const ofClass = classes?.[at];
    const name = labelWords(ofClass?.label ?? (at === classIndex ? (label ?? '') : String(at)), manifest, locale);
    const isUnsure = probability < leastConfidence(version, manifest);
    return { name, ofClass, probability, isDecided: outcome === 'class' && at === classIndex, isUnsure };
  });
}

export function runFigures(diagnosis: RunDiagnosisReply, label: string, locale: Locale): Figure[] {
  const text = RUN_TEXTS[locale.language];
  const { timeMs, endMs, windows, model, version, latencyMs } = diagnosis;
  return [
    [locale.text.channel, label],
    [text.points, `${locale.count(windows)} · ${locale.fixed((endMs - timeMs) / 1000, 2)}${THIN}s`],
    [text.model, toPlainText(model)],
    [text.version, toPlainText(version)],
    [text.latency, locale.delay(latencyMs)],
  ];
}

/** What is to be said of what the run is held against; empty where all is as it should be. */
export function comparisonWords({ diagnosis, manifest, lack }: OpenedRunState, locale: Locale): string {
  const text = RUN_TEXTS[locale.language];
  if (lack === 'points') return text.notCompared;
  if (lack === 'examples') return text.noExamples;
  if (lack === 'shape') return text.otherShape;
  if (!diagnosis || !manifest || manifest.version === diagnosis.version) return '';
  return text.otherVersion(toPlainText(diagnosis.version), toPlainText(manifest.version));
}

/** 0 where it is not known of that version. */
function leastConfidence(version: string, manifest: OpenedRunState['manifest']): number {
  return manifest?.version === version ? manifest.thresholds.confidence : 0;
}
