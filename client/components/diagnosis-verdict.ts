import type { ClassSeverity, ClassSymbol, DiagnosisModel, DiagnosisOutcome } from '../../server/wire/diagnoses.ts';
import type { Channel } from '../../server/wire/events.ts';
import { isModelRate } from '../../server/wire/point-rate.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { ChannelState } from '../store/channel-store.ts';
import type { DiagnosisLook, DiagnosisSpan } from '../store/diagnosis-span.ts';
import type { Diagnosis, DiagnosisState, DiagnosisStore } from '../store/diagnosis-store.ts';
import { CLASS_SIGNS, OUTCOME_SIGNS, type Sign } from './class-symbol.ts';
import { faultWords } from './fault-words.ts';

/** What is to be said of the diagnosis of a channel now; `none` while no run has been looked at. */
export interface Verdict {
  readonly kind: DiagnosisOutcome['kind'] | 'none';
  /** Of its class; undefined where nothing is said of how grave it is: unknown, or nobody could look. */
  readonly severity: ClassSeverity | undefined;
  readonly sign: Sign;
  readonly name: string;
  /** Of the class; undefined where it is none. */
  readonly confidence: number | undefined;
  readonly isUnsure: boolean;
  /** How long it has held, which nobody knows of a stale one, or when the run ended where runs lie apart. */
  readonly holds: string | undefined;
  /** Why there is no class, in words. */
  readonly reason: string | undefined;
  /** It is of a time before the newest samples, or nobody knows of newer ones. */
  readonly isStale: boolean;
}

// Runs come with every hop; so many of them missing, and never less than so long, and the newest is old.
const STALE_HOPS = 4;
const STALE_MS = 3000;

/** Judges what is known of a channel's diagnosis. */
export function verdictOf(state: DiagnosisState, view: ChannelState, locale: Locale): Verdict {
  const { model, newest } = state;
  const unfit = unfitness(model, view.channel, locale);
  if (unfit !== undefined) return bare('unavailable', locale, { reason: unfit, isStale: view.isStale });
  if (newest === undefined) return bare('none', locale, { reason: undefined, isStale: view.isStale });

  const { outcome } = newest;
  const isStale = view.isStale || isOver(newest, view) || isOverdue(newest, model, view);
  if (outcome.kind !== 'class') {
    return {
      ...bare(outcome.kind, locale, { reason: reasonOf(outcome, locale), isStale }),
      holds: holds(newest, { model, view, locale, isStale }),
    };
  }
  const { ofClass, isUnsure } = newest;
  return {
    kind: 'class',
    severity: ofClass?.severity,
    sign: signOf(ofClass?.symbol),
    name: className(newest.ofClass, outcome.label, locale),
    confidence: outcome.confidence,
    isUnsure,
    holds: holds(newest, { model, view, locale, isStale }),
    reason: undefined,
    isStale,
  };
}

/** What a stretch of the lane is called. */
export function spanName({ kind, label, ofClass, isUnsure, isMixed }: DiagnosisLook, locale: Locale): string {
  if (kind !== 'class') return outcomeName(kind, locale);
  const name = className(ofClass, label ?? '', locale);
  if (isMixed) return `${name} (${locale.text.unsureInPart})`;
  return isUnsure ? `${name} (${locale.text.unsure})` : name;
}

/** A stretch of the lane in words: when, and all that its runs came to. */
export function spanWords(span: DiagnosisSpan, locale: Locale): string {
  const when = locale.text.diagnosisSpan(locale.moment(span.fromMs), locale.moment(span.toMs));
  const said = span.parts?.map((part) => `${spanName(part, locale)} ${locale.percent(part.share)}`);
  return `${when}: ${said?.join(', ') ?? spanName(span, locale)}`;
}

/** The sign of a class or of what stands in its place. */
export function spanSign({ kind, ofClass }: Pick<DiagnosisLook, 'kind' | 'ofClass'>): Sign {
  return OUTCOME_SIGNS[kind] ?? signOf(ofClass?.symbol);
}

/** What stands out of a verdict: that a fault is sure, or only suspected; undefined where nothing does. */
export function remarkOf({ severity, isUnsure, isStale }: Verdict): 'fault' | 'suspicion' | undefined {
  if (severity === undefined || severity === 'normal' || isStale) return undefined;
  return isUnsure ? 'suspicion' : 'fault';
}

/** What stands out of a channel's diagnosis, and its verdict; undefined where nothing does, or where no model looks. */
export function channelRemark(
  diagnosis: DiagnosisStore | undefined,
  view: ChannelState,
  locale: Locale,
): { readonly kind: 'fault' | 'suspicion'; readonly name: string } | undefined {
  const verdict = diagnosis && verdictOf(diagnosis.value, view, locale);
  const kind = verdict && remarkOf(verdict);
  return kind && { kind, name: verdict.name };
}

function bare(
  kind: Exclude<Verdict['kind'], 'class'>,
  locale: Locale,
  { reason, isStale }: Pick<Verdict, 'reason' | 'isStale'>,
): Verdict {
  const sign = OUTCOME_SIGNS[kind] as Sign;
  const name = outcomeName(kind, locale);
  const rest = { severity: undefined, confidence: undefined, isUnsure: false, holds: undefined };
  return { kind, sign, name, reason, isStale: isStale && kind !== 'none' && kind !== 'unavailable', ...rest };
}

function outcomeName(kind: Exclude<Verdict['kind'], 'class'>, { text }: Locale): string {
  switch (kind) {
    case 'unknown':
      return text.runUnknown;
    case 'incomplete':
      return text.runIncomplete;
    case 'unavailable':
      return text.runUnavailable;
    case 'dropped':
      return text.runDropped;
    case 'none':
      return text.runNone;
  }
}

function className(ofClass: DiagnosisLook['ofClass'], label: string, { language, text }: Locale): string {
  const name = ofClass?.name[language] ?? text.runClass(toPlainText(label));
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

function signOf(symbol: ClassSymbol | undefined): Sign {
  return CLASS_SIGNS[symbol ?? 'circle'] ?? CLASS_SIGNS.circle; // a newer server knows more of them
}

/** Why a run has no class; undefined where it has one, or was left out. */
export function reasonOf(outcome: DiagnosisOutcome, locale: Locale): string | undefined {
  const { text } = locale;
  if (outcome.kind === 'unavailable') return text.noAnswer(faultWords(outcome, locale));
  if (outcome.kind !== 'incomplete') return undefined;
  const { lack } = outcome;
  if (lack === undefined) return toPlainText(outcome.reason);
  const parts = [
    lack.missing > 0 ? text.pointsMissing(locale.count(lack.missing)) : '',
    lack.flagged > 0 ? text.pointsFlagged(locale.count(lack.flagged)) : '',
    lack.empty > 0 ? text.pointsEmpty(locale.count(lack.empty)) : '',
    lack.isEnded ? text.streamEnded : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Why no run of a channel is looked at, in words; undefined where its model does. */
function unfitness(model: DiagnosisModel | undefined, channel: Channel, locale: Locale): string | undefined {
  if (model === undefined) return undefined;
  const { text } = locale;
  const why = faultWords(model, locale);
  if (model.state === 'loading') return model.reason === undefined ? undefined : text.modelNotFetched(why);
  if (model.state === 'stopped') return text.modelStopped;
  if (model.state === 'quarantined') return text.modelPutAside(why);
  if (model.state === 'unfit') return text.modelUnfit(why);
  const { unit = '', pointsPerSecond = 0 } = model.about ?? {};
  if (unit !== '' && channel.unit !== '' && unit !== channel.unit) return text.modelForUnit(unit, channel.unit);
  const found = channel.rateHz / channel.window;
  if (isModelRate(found, pointsPerSecond)) return undefined;
  return text.modelForRate(String(pointsPerSecond), String(Number(found.toPrecision(6))));
}

/** Another stream has begun since. */
function isOver({ toMs }: Diagnosis, { pulse }: ChannelState): boolean {
  return pulse?.streamNs !== undefined && toMs <= Number(pulse.streamNs) / 1e6;
}

function isOverdue({ toMs }: Diagnosis, model: DiagnosisModel | undefined, { reading }: ChannelState): boolean {
  const { hop, pointsPerSecond = 1 } = model?.about ?? {};
  if (hop === undefined || reading === undefined) return false;
  return reading.timeMs - toMs > Math.max(STALE_MS, (STALE_HOPS * hop * 1000) / pointsPerSecond);
}

interface HeldBy extends Pick<DiagnosisState, 'model'> {
  readonly view: ChannelState;
  readonly locale: Locale;
  readonly isStale: boolean;
}

function holds({ sinceMs, toMs }: Diagnosis, { model, view, locale, isStale }: HeldBy): string | undefined {
  const isSliding = model?.about?.hop !== undefined;
  if (isSliding) return isStale ? undefined : locale.text.runFor(locale.span(toMs - sinceMs));
  return locale.text.runAt(locale.timeOn(toMs, view.reading?.timeMs));
}
