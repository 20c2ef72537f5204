import type {
  InferenceReply,
  ModelAlignment,
  ModelManifestReply,
  ModelReply,
  ModelReportReply,
} from '../../server/wire/models.ts';
import { faultWords } from '../components/fault-words.ts';
import type { Figure } from '../components/fen-figures.ts';
import type { Score } from '../components/fen-scores.ts';
import { type Locale, NO_FIGURE, THIN } from '../locale/locale.ts';
import { MODEL_TEXTS } from '../locale/model-texts.ts';
import { toPlainText } from '../locale/plain-text.ts';

// What a model's manifest, report and work come to, in words.

/** What is the matter with a model, in a sentence; empty while it works. */
export function stateWords({ state, reason, fault }: ModelReply, locale: Locale): string {
  const text = MODEL_TEXTS[locale.language];
  const why = reason === undefined ? NO_FIGURE : faultWords({ reason, fault }, locale);
  switch (state) {
    case 'ready':
      return reason === undefined ? '' : text.cutWhy(why);
    case 'loading':
      return text.loadingWhy;
    case 'stopped':
      return text.stoppedWhy(why);
    case 'quarantined':
      return text.quarantinedWhy(why);
    case 'unfit':
      return text.unfitWhy(why);
    case 'unused':
      return text.unusedWhy;
  }
}

export function factFigures(
  model: ModelReply,
  manifest: ModelManifestReply | undefined,
  report: ModelReportReply | undefined,
  labels: readonly string[],
  locale: Locale,
): Figure[] {
  const text = MODEL_TEXTS[locale.language];
  const figures: Figure[] = [
    [text.version, model.version ?? NO_FIGURE],
    ...(model.previousVersion === undefined ? [] : [[text.previous, model.previousVersion] as const]),
    [
      text.channelsOf,
      labels.length === 0 ? text.noChannels : labels.map((label) => label.replaceAll(' ', '\u00a0')).join(', '),
    ],
    [text.learner, learnerWords(model.learner, manifest, locale)],
  ];
  if (report) figures.push([text.trained, dateWords(report.trainedAt, locale)]);
  if (!manifest) return figures;
  const { data, input } = manifest;
  figures.push([text.trainedOn, text.runsOf(locale.count(data.runs), toPlainText(data.source))]);
  if (report) figures.push([text.testedOn, testedWords(report, locale)]);
  const rows = input.rows.map((row) => text.rows[row]).join(', ');
  const seconds = locale.fixed(input.length / input.pointsPerSecond, 2);
  figures.push([text.looksAt, text.pointsOf(locale.count(input.length), seconds, rows)]);
  figures.push([text.begins, alignmentWords(input.alignment, toPlainText(input.unit), locale)]);
  return figures;
}

/** What a learner is called, with the head of one that has any; as it is written where nobody here knows it. */
function learnerWords(learner: string | undefined, manifest: ModelManifestReply | undefined, locale: Locale): string {
  const text = MODEL_TEXTS[locale.language];
  const name = text.learners[learner ?? ''] ?? toPlainText(learner ?? NO_FIGURE);
  const head = manifest?.training.head;
  return head === undefined ? name : text.withHead(name, text.heads[`${head}`] ?? toPlainText(`${head}`));
}

/** What was left out of a comparison; empty where nothing was. */
export function omissionWords({ comparison }: ModelReportReply, locale: Locale): string {
  const text = MODEL_TEXTS[locale.language];
  const words = comparison.omitted.map(({ learner, because, found, limit }) => {
    const why = because === 'too-many-runs' ? text.tooManyRuns : text.tooFewPoints;
    return why(text.learners[learner] ?? learner, locale.count(found), locale.count(limit));
  });
  return words.length === 0 ? '' : ` ${text.omitted(words.join(', '))}`;
}

function dateWords(iso: string, locale: Locale): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? toPlainText(iso) : `${locale.exact(ms).slice(0, 16)} ${locale.zone(ms)}`;
}

function testedWords({ data: { test } }: ModelReportReply, locale: Locale): string {
  const text = MODEL_TEXTS[locale.language];
  const runs = locale.count(test.runs);
  return test.kind === 'held-out' ? text.heldOut(runs) : text.runsOf(runs, toPlainText(test.source));
}

function alignmentWords(alignment: ModelAlignment, unit: string, locale: Locale): string {
  const { alignment: words } = MODEL_TEXTS[locale.language];
  switch (alignment.kind) {
    case 'sliding':
      return words.sliding(locale.count(alignment.hop));
    case 'ignition':
      return words.ignition(`${alignment.threshold}${unit === '' ? '' : `${THIN}${unit}`}`);
    case 'mark':
      return words.mark;
  }
}

export function inferenceFigures(inference: InferenceReply, cuts: number, locale: Locale): Figure[] {
  const text = MODEL_TEXTS[locale.language];
  const { outcomes, batches, batchMs, latencyMs, threads } = inference;
  const ofTime = ({ p50, p99 }: { readonly p50: number; readonly p99: number }) =>
    batches === 0 ? NO_FIGURE : text.typicalWorst(brief(p50, locale), brief(p99, locale));
  return [
    [text.runsNamed, locale.count(outcomes.class)],
    [text.runsUnknown, locale.count(outcomes.unknown)],
    [text.runsIncomplete, locale.count(outcomes.incomplete)],
    [text.runsUnavailable, locale.count(outcomes.unavailable)],
    [text.runsDropped, locale.count(outcomes.dropped)],
    [text.batchTime, ofTime(batchMs)],
    [text.latency, ofTime(latencyMs)],
    [text.cuts, locale.count(cuts)],
    [text.spare, threads.hasSpare ? text.spareReady : text.spareMissing],
  ];
}

/** The figures of the test, each with what it means. */
export function scoresOf({ test, unknown }: ModelReportReply, locale: Locale): Score[] {
  const text = MODEL_TEXTS[locale.language];
  const supports = test.classes.map(({ support }) => support);
  const runs = sum(supports);
  const right = sum(test.confusion.map((row, i) => row[i]));
  // Who always gives the most frequent answer is right in that class alone, with a precision of its share.
  const share = Math.max(...supports) / runs;
  const least = (2 * share) / (1 + share) / supports.length;
  const told = unknown.candidates.find(({ score }) => score === unknown.score);
  return [
    {
      written: percent(test.accuracy, locale),
      name: text.accuracy,
      why: text.accuracyWhy(locale.count(right), locale.count(runs)),
    },
    { written: locale.fixed(test.macroF1, 3), name: text.macroF1, why: text.macroF1Why(locale.fixed(least, 2)) },
    {
      written: locale.fixed(test.logLoss, 3),
      name: text.logLoss,
      why: text.logLossWhy(locale.fixed(Math.log(supports.length), 2)),
    },
    { written: percent(test.calibrationError, locale), name: text.calibration, why: text.calibrationWhy },
    ...(told ? [{ written: percent(told.rejected, locale), name: text.rejected, why: text.rejectedWhy }] : []),
  ];
}

/** What the figures of each class mean. */
export function classesNote({ test: { confidence } }: ModelReportReply, locale: Locale): string {
  const text = MODEL_TEXTS[locale.language];
  return `${text.classesWhy} ${confidence === undefined ? text.sureNone : text.sureWhy(locale.percent(confidence))}`;
}

export function madeFigures(manifest: ModelManifestReply, report: ModelReportReply, locale: Locale): Figure[] {
  const text = MODEL_TEXTS[locale.language];
  const { parity, seconds } = report;
  return [
    [text.parity, text.parityOf(locale.count(parity.within), locale.count(parity.runs), scientific(parity.tolerance))],
    [text.parityMost, scientific(Math.max(parity.largestProbability, parity.largestUnknown))],
    [text.took, locale.span(seconds.total * 1000)],
    [text.seed, toPlainText(report.seed)],
    ...Object.entries(report.versions).map(([name, version]) => [toPlainText(name), toPlainText(version)] as const),
    [text.hash, toPlainText(report.data.train.sha256)],
    [text.graphHash, manifest.sha256],
  ];
}

/** A share in per cent, with a digit after the point. */
export function percent(share: number, locale: Locale): string {
  return `${locale.fixed(share * 100, 1)}${THIN}%`;
}

function brief(ms: number, locale: Locale): string {
  return ms < 10 ? `${locale.fixed(ms, 1)}${THIN}ms` : locale.delay(ms);
}

function scientific(value: number): string {
  if (value === 0) return '0';
  const [digits, exponent] = value.toExponential(1).split('e');
  const factor = digits === '1.0' ? '' : `${digits}${THIN}×${THIN}`;
  return `${factor}10${superscript(exponent)}`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = { '-': '⁻', '+': '' };

function superscript(exponent: string): string {
  return exponent.replace(/./g, (sign) => SUPERSCRIPTS[sign] ?? '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
