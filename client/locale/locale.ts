import { scaleValue, type ValueScale } from './digits.ts';
import type { Texts } from './en.ts';
import { LANGUAGES, type Language, TEXTS } from './texts.ts';

const MINUS = '\u2212';
/** Stands where there is no figure. */
export const NO_FIGURE = '–';
// Between a figure and its unit: narrow, and never the end of a line.
const THIN = '\u202f';
const SHORT_MS = 3000;
const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];
const COUNTS = ['', 'k', 'M', 'G', 'T'];

/** The words and the writing of figures, for one reader. Times are those of the site. */
export class Locale {
  readonly language: Language;
  readonly text: Texts;
  readonly timeZone: string;
  readonly #counts: Intl.NumberFormat;
  readonly #fixed = new Map<number, Intl.NumberFormat>();
  readonly #clock: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #zone: Intl.DateTimeFormat;

  constructor(language: Language, timeZone: string) {
    this.language = language;
    this.text = TEXTS[language];
    this.timeZone = timeZone;
    this.#counts = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone } as const;
    this.#clock = new Intl.DateTimeFormat(language, time);
    this.#moment = new Intl.DateTimeFormat(language, { ...time, month: 'short', day: 'numeric' });
    this.#zone = new Intl.DateTimeFormat('en', { ...time, timeZoneName: 'short' });
  }

  /** A whole number with its thousands apart. */
  count(value: number | undefined): string {
    return value === undefined || !Number.isFinite(value) ? NO_FIGURE : signed(this.#counts.format(value));
  }

  /** A number with exactly `digits` digits after the point. */
  fixed(value: number | undefined, digits: number): string {
    if (value === undefined || !Number.isFinite(value)) return NO_FIGURE;
    let format = this.#fixed.get(digits);
    if (!format) {
      format = new Intl.NumberFormat(this.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      this.#fixed.set(digits, format);
    }
    const written = format.format(value);
    return signed(/[1-9]/.test(written) ? written : written.replace('-', '')); // no minus on a rounded zero
  }

  /** A channel's value on its scale, without its unit. `more` digits are for figures that say more than one sample. */
  value(value: number | undefined, { exponent, digits }: ValueScale, more = 0): string {
    return this.fixed(value === undefined ? undefined : scaleValue(value, exponent), digits + more);
  }

  percent(share: number | undefined): string {
    return share === undefined || !Number.isFinite(share) ? NO_FIGURE : `${this.fixed(share * 100, 0)}${THIN}%`;
  }

  bytes(value: number | undefined): string {
    return this.#scaled(value, BYTES);
  }

  /** A large count in three figures: 80.0 M. */
  large(value: number | undefined, unit: string): string {
    return this.#scaled(value, COUNTS, unit);
  }

  /** A short delay in ms; from 3 s on, where it no longer is one, as a span. */
  delay(ms: number | undefined): string {
    if (ms === undefined || !Number.isFinite(ms)) return NO_FIGURE;
    return ms < SHORT_MS ? `${this.fixed(ms, 0)}${THIN}ms` : this.span(ms);
  }

  /** How long something lasts, in its two largest units. */
  span(ms: number | undefined): string {
    if (ms === undefined || !Number.isFinite(ms)) return NO_FIGURE;
    const seconds = Math.floor(Math.max(0, ms) / 1000);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return this.#part(this.text.seconds, seconds);
    if (minutes < 60) return `${this.#part(this.text.minutes, minutes)} ${this.#part(this.text.seconds, seconds % 60)}`;
    return `${this.#part(this.text.hours, Math.floor(minutes / 60))} ${this.#part(this.text.minutes, minutes % 60)}`;
  }

  /** Time of day at the site. */
  time(ms: number | undefined): string {
    return ms === undefined ? NO_FIGURE : this.#clock.format(ms);
  }

  /** Day and time at the site. */
  moment(ms: number | undefined): string {
    return ms === undefined ? NO_FIGURE : this.#moment.format(ms);
  }

  /** Short name of the site's zone, such as KST or GMT+9. */
  zone(ms: number): string {
    return this.#zone.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? this.timeZone;
  }

  /** A time window as on a button: 30 s, 5 min. */
  window(ms: number): string {
    const isMinutes = ms >= 60_000;
    const count = this.count(ms / (isMinutes ? 60_000 : 1000));
    return isMinutes ? this.text.minutes(count) : this.text.seconds(count);
  }

  #part(words: (count: string) => string, count: number): string {
    return words(this.count(count)).replace(' ', THIN);
  }

  #scaled(value: number | undefined, steps: readonly string[], unit = ''): string {
    if (value === undefined || !Number.isFinite(value)) return NO_FIGURE;
    const step = value < 1000 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log10(value) / 3));
    const scaled = value / 1000 ** step;
    const digits = step === 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
    const suffix = `${steps[step]}${unit}`;
    return `${this.fixed(scaled, digits)}${suffix === '' ? '' : THIN}${suffix}`;
  }
}

/** The first of the reader's languages that there are words for, else English. */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = LANGUAGES.find((known) => tag.toLowerCase().split('-')[0] === known);
    if (language) return language;
  }
  return 'en';
}

function signed(text: string): string {
  return text.replace('-', MINUS);
}
