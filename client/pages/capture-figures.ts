import type { CaptureReply } from '../../server/wire/captures.ts';
import { missingSamples } from '../../server/wire/missing-samples.ts';
import type { Figure } from '../components/fen-figures.ts';
import type { ValueScale } from '../locale/digits.ts';
import { type Locale, NO_FIGURE } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { timeOf } from '../waveform/capture-pieces.ts';
import { READ_LIMIT, type SelectionFigures } from '../waveform/selection-study.ts';
import type { StudyState } from '../waveform/study-desk.ts';
import type { Markers } from '../waveform/wave-events.ts';
import {
  causeWords,
  describeFlags,
  hertzWords,
  instantWords,
  labelOf,
  lengthSeconds,
  lengthWords,
  scaleFor,
  secondsWords,
  utcWords,
  valueWords,
} from './capture-words.ts';

// Of whole counts no more are told apart.
const COUNTS_APART = 1000;

/** The two markers, and what lies between them. */
export function markerFigures(
  capture: CaptureReply,
  markers: Markers,
  { values, figures }: StudyState,
  locale: Locale,
): Figure[] {
  const { text } = locale;
  const scale = selectionScale(capture, figures);
  const { rateHz, triggerSample, unit } = capture;
  const place = (index: number | undefined, value: number | undefined) =>
    index === undefined
      ? NO_FIGURE
      : `${secondsWords((index - triggerSample) / rateHz, rateHz, locale)} · ${valueWords(value, unit, locale, scale)}`;
  const isBoth = markers.a !== undefined && markers.b !== undefined;
  const seconds = isBoth ? (markers.b! - markers.a!) / rateHz : undefined;
  const rise = values.a === undefined || values.b === undefined ? undefined : values.b - values.a;
  return [
    ['A', place(markers.a, values.a)],
    ['B', place(markers.b, values.b)],
    [text.timeApart, seconds === undefined ? NO_FIGURE : secondsWords(seconds, rateHz, locale)],
    [text.inverseTime, seconds ? hertzWords(1 / Math.abs(seconds), locale) : NO_FIGURE],
    [text.valueApart, valueWords(rise, unit, locale)],
  ];
}

/** What the selection came to. */
export function selectionFigures(
  capture: CaptureReply,
  figures: SelectionFigures | undefined,
  locale: Locale,
): Figure[] {
  const { text } = locale;
  const { unit, rateHz } = capture;
  const scale = selectionScale(capture, figures);
  const inUnit = (value: number | undefined) => valueWords(value, unit, locale, scale);
  const isUnknown = figures !== undefined && figures.clipped === undefined;
  return [
    [text.samples, locale.count(figures?.samples)],
    [text.length, figures ? lengthWords(figures.samples / rateHz, locale) : NO_FIGURE],
    [text.minimum, inUnit(figures?.min)],
    [text.maximum, inUnit(figures?.max)],
    [text.mean, inUnit(figures?.mean)],
    [text.spread, valueWords(figures?.deviation, unit, locale)],
    [text.clippedSamples, locale.count(figures?.clipped)],
    [text.nonfiniteSamples, locale.count(figures?.nonfinite)],
    ...(isUnknown ? [[text.readLimit, locale.count(READ_LIMIT)] as const] : []),
  ];
}

/** For the values of a selection: so that a ripple on a large offset is read, but nothing that is finer than a count. */
export function selectionScale({ scale, datatype }: CaptureReply, figures: SelectionFigures | undefined): ValueScale {
  const { min = 0, max = 0 } = figures ?? {};
  const least = datatype.startsWith('rf') ? 0 : COUNTS_APART * Math.abs(scale);
  return scaleFor(Math.max(Math.abs(min), Math.abs(max)), max > min ? Math.max(max - min, least) : 0);
}

/** What the recording is. `flags` are all that the device said of its samples. */
export function aboutCapture(capture: CaptureReply, locale: Locale, flags = 0): Figure[] {
  const { text } = locale;
  const { segments, rateHz, triggerSample, unit } = capture;
  const kept: Figure[] =
    segments.length === 0
      ? []
      : [
          [text.length, lengthWords(lengthSeconds(capture), locale)],
          [text.beforeTrigger, lengthWords(Math.max(0, triggerSample - segments[0].index) / rateHz, locale)],
          [text.samples, locale.count(capture.samples)],
          ...missingFigures(capture, locale),
          ...(flags === 0 ? [] : [[text.deviceSaid, describeFlags(flags, locale)] as const]),
          [text.size, locale.bytes(capture.bytes)],
        ];
  return [
    [text.channel, labelOf(capture)],
    [text.cause, causeWords(capture.cause, unit, locale)],
    [text.trigger, instantWords(capture.triggerMs, locale)],
    ['UTC', utcWords(capture.triggerMs)],
    ...kept,
    ...(capture.overtaken > 0 ? [[text.overtaken, locale.count(capture.overtaken)] as const] : []),
    [text.rate, locale.large(rateHz, 'S/s')],
    [text.datatype, toPlainText(capture.datatype)],
    [text.channelName, toPlainText(capture.channel)],
    [text.identifier, capture.id],
  ];
}

/** What never came of what was asked for, and where. */
function missingFigures(capture: CaptureReply, locale: Locale): Figure[] {
  const { text } = locale;
  const { segments } = capture;
  const { start, inside, end } = missingSamples(capture);
  const gaps = segments.filter(({ index }, i) => i > 0 && index > segments[i - 1].index + segments[i - 1].samples);
  const places = [
    [text.missingAtStart, start],
    [text.missingInside, inside],
    [text.missingAtEnd, end],
  ] as const;
  return [
    [text.gaps, locale.count(gaps.length + (start > 0 ? 1 : 0) + (end > 0 ? 1 : 0))],
    ...places.filter(([, count]) => count > 0).map(([name, count]) => [name, locale.count(count)] as const),
  ];
}

/** Where the cursor is: in the recording, in the stream, by the site's clock and in UTC. */
export function placeWords(capture: CaptureReply, index: number, locale: Locale): readonly string[] {
  const { segments, rateHz, triggerSample } = capture;
  const ms = timeOf(segments, index, rateHz);
  return [
    secondsWords((index - triggerSample) / rateHz, rateHz, locale),
    `${locale.text.sample} ${locale.count(index)}`,
    `${instantWords(ms, locale)} ${locale.zone(ms)}`,
    `${utcWords(ms)} UTC`,
  ];
}
