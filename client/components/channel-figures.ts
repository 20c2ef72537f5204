import type { StoredChannel } from '../../server/wire/history.ts';
import type { ValueScale } from '../locale/digits.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { scaledUnit } from '../locale/units.ts';
import type { ChannelState } from '../store/channel-store.ts';
import type { Figure } from './fen-figures.ts';

const READING_S = 0.25;

/** What time a reading is of: of a slow channel one window is longer than what is read of others. */
export function readingNote({ channel }: ChannelState, { text }: Locale): string {
  return channel.window / channel.rateHz > READING_S ? text.ofWindow : text.of250;
}

/** What the newest samples came to. */
export function readingFigures({ channel, reading }: ChannelState, scale: ValueScale, locale: Locale): Figure[] {
  const { text } = locale;
  const inUnit = (value: number | undefined, more = 0) =>
    `${locale.value(value, scale, more)} ${scaledUnit(channel.unit, scale.exponent)}`;
  return [
    [text.minimum, inUnit(reading?.min)],
    [text.mean, inUnit(reading?.mean, 1)],
    [text.maximum, inUnit(reading?.max)],
    [text.spread, inUnit(reading?.spread, 1)],
    [text.samples, locale.count(reading?.count)],
    [text.clippedSamples, locale.count(reading?.clipped)],
    [text.nonfiniteSamples, locale.count(reading?.nonfinite)],
  ];
}

/** Whether all of its samples came. */
export function accountFigures({ pulse }: ChannelState, locale: Locale): Figure[] {
  const { text } = locale;
  return [
    [text.state, pulse === undefined ? text.waiting : pulse.live ? text.connected : text.disconnected],
    [text.receivedSamples, locale.count(pulse?.received)],
    [text.missingSamples, locale.count(pulse?.missing)],
    [text.gaps, locale.count(pulse?.gaps)],
  ];
}

/** What its device said of itself. */
export function aboutFigures({ channel }: ChannelState, scale: ValueScale, locale: Locale): Figure[] {
  const { text } = locale;
  const range = channel.normal?.map((end) => locale.value(end, scale)).join(' … ');
  return [
    [text.label, channel.label],
    [text.channelName, channel.name],
    [text.normalRange, range === undefined ? text.notGiven : `${range} ${scaledUnit(channel.unit, scale.exponent)}`],
    [text.unit, channel.unit || text.notGiven],
    [text.rate, locale.large(channel.rateHz, 'S/s')],
    [text.windowSize, locale.count(channel.window)],
    [text.datatype, channel.datatype || text.notGiven],
    [text.hardware, channel.hardware || text.notGiven],
    [text.description, channel.description || text.notGiven],
  ];
}

/** What the history knows of a channel whose device is not there. */
export function storedFigures({ name, label, unit, rateHz, window }: StoredChannel, locale: Locale): Figure[] {
  const { text } = locale;
  return [
    [text.label, toPlainText(label) || name],
    [text.channelName, name],
    [text.unit, toPlainText(unit) || text.notGiven],
    [text.rate, locale.large(rateHz, 'S/s')],
    [text.windowSize, locale.count(window)],
  ];
}

/** Since when there is history, and until when; nothing where there is none. */
export function historyFigures(stored: StoredChannel | undefined, locale: Locale): Figure[] {
  const { text } = locale;
  if (stored?.firstMs === undefined) return [];
  return [
    [text.historyFrom, `${locale.exact(stored.firstMs).slice(0, 16)} ${locale.zone(stored.firstMs)}`],
    [text.historyLength, locale.window((stored.lastMs ?? stored.firstMs) - stored.firstMs)],
  ];
}
