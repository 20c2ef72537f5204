import type { CaptureCause, CaptureReply } from '../../server/wire/captures.ts';
import { RowFlag } from '../../server/wire/row-flag.ts';
import { bestScaleFor, scaleValue, type ValueScale } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import { NO_FIGURE, THIN } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { scaledUnit } from '../locale/units.ts';
import { suitedUnit } from '../waveform/span-axis.ts';

const LEAST_DIGITS = 3;
const MOST_DIGITS = 9;
// Values that lie close together are told apart by so many figures.
const APART_FIGURES = 3;

/** What a recording's channel is called. */
export function labelOf({ label, channel }: Pick<CaptureReply, 'label' | 'channel'>): string {
  return toPlainText(label) || toPlainText(channel) || NO_FIGURE;
}

/** Why a recording was made, in words. */
export function causeWords(cause: CaptureCause, unit: string, locale: Locale): string {
  const { text } = locale;
  switch (cause.kind) {
    case 'person':
      return toPlainText(cause.comment) || text.causePerson;
    case 'alarm':
      return toPlainText(cause.text) || text.causeAlarm;
    case 'diagnosis':
      return toPlainText(cause.text) || text.causeDiagnosis;
    case 'threshold':
      return text.causeThreshold(valueWords(cause.value, unit, locale), valueWords(cause.limit, unit, locale));
  }
}

/** What a device said of samples, in words. */
export function describeFlags(flags: number, { text }: Locale): string {
  const words = [
    [RowFlag.OverRange, text.flagOverRange],
    [RowFlag.SampleLoss, text.flagSampleLoss],
    [RowFlag.Invalid, text.flagInvalid],
    [RowFlag.TimeUncalibrated, text.flagTimeUncalibrated],
  ] as const;
  return words
    .filter(([bit]) => flags & bit)
    .map(([, word]) => word)
    .join(', ');
}

/** How long a recording is, from its first sample to its last. */
export function lengthSeconds({ segments, rateHz }: CaptureReply): number {
  const last = segments.at(-1);
  return last ? (last.index + last.samples - segments[0].index) / rateHz : 0;
}

/** A time in s, ms or µs, as fine as one sample is from the next. */
export function secondsWords(seconds: number, rateHz: number, locale: Locale): string {
  const { unit, times } = suitedUnit(seconds, 'time');
  const digits = Math.ceil(Math.log10(rateHz / times));
  return `${locale.fixed(seconds * times, Math.min(MOST_DIGITS, Math.max(LEAST_DIGITS, digits)))}${THIN}${unit}`;
}

/** How long something lasts, in s, ms or µs, with `most` digits after the point at most: 1.5 s. */
export function lengthWords(seconds: number, locale: Locale, most = MOST_DIGITS): string {
  const { unit, times } = suitedUnit(seconds, 'time');
  const [, needed = ''] = String(Number((seconds * times).toFixed(most))).split('.');
  return `${locale.fixed(seconds * times, needed.length)}${THIN}${unit}`;
}

export function hertzWords(hz: number, locale: Locale): string {
  const { unit, times } = suitedUnit(hz, 'frequency');
  return `${locale.fixed(hz * times, 3)}${THIN}${unit}`;
}

/** A value with its unit, in six figures. */
export function valueWords(value: number | undefined, unit: string, locale: Locale, scale = scaleFor(value)): string {
  if (value === undefined || !Number.isFinite(value)) return NO_FIGURE;
  return `${locale.value(value, scale)}${THIN}${scaledUnit(toPlainText(unit), scale.exponent)}`.trim();
}

/** The scale for a value, or for many of about its size; fine enough for those that differ by `apart` in all. */
export function scaleFor(size: number | undefined, apart = 0): ValueScale {
  const scale = bestScaleFor(Math.abs(size ?? 0));
  const needed = APART_FIGURES - Math.ceil(Math.log10(scaleValue(apart, scale.exponent)));
  return { ...scale, digits: Math.max(scale.digits, Math.min(MOST_DIGITS, apart > 0 ? needed : 0)) };
}

/** Day and time at the site, to the microsecond. */
export function instantWords(ms: number, locale: Locale): string {
  return `${locale.exact(Math.floor(ms)).slice(0, 19)}.${microseconds(ms)}`;
}

/** The same in UTC, which has to be said beside it. */
export function utcWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}.${microseconds(ms)}`;
}

function microseconds(ms: number): string {
  const within = ((ms % 1000) + 1000) % 1000;
  return String(Math.floor(within * 1000)).padStart(6, '0');
}
