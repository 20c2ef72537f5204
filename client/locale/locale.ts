import { scaleValue, type ValueScale } from './digits.ts';
import type { Texts } from './en.ts';
import { LANGUAGES, type Language, TEXTS } from './texts.ts';
import { ZoneTime } from './zone-time.ts';

const MINUS = '\u2212';
/** Stands where there is no figure. */
export const NO_FIGURE = '–';
/** Between a figure and its unit: narrow, and never the end of a line. */
export const THIN = '\u202f';
const SHORT_MS = 3000;
const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];
const COUNTS = ['', 'k', 'M', 'G', 'T'];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
const MONTH_MS = 28 * DAY_MS;

/** The words and the writing of figures, for one reader. Times are those of the site. */
export class Locale {
  readonly language: Language;
  readonly text: Texts;
  readonly timeZone: string;
  readonly zoneTime: ZoneTime;
  readonly #counts: Intl.NumberFormat;
  readonly #fixed = new Map<number, Intl.NumberFormat>();
  readonly #clock: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #month: Intl.DateTimeFormat;
  readonly #lengths: Intl.NumberFormat;
  readonly #zone: Intl.DateTimeFormat;

  constructor(language: Language, timeZone: string) {
    this.language = language;
    this.text = TEXTS[language];
    this.timeZone = timeZone;
    this.zoneTime = new ZoneTime(timeZone);
    this.#counts = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone } as const;
    this.#clock = new Intl.DateTimeFormat(language, time);
    this.#moment = new Intl.DateTimeFormat(language, { ...time, month: 'short', day: 'numeric' });
    this.#day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone });
    this.#month = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', timeZone });
    this.#lengths = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
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

  /** What is seldom is not told as if it never was. */
  percent(share: number | undefined): string {
    if (share === undefined || !Number.isFinite(share)) return NO_FIGURE;
    return share > 0 && share < 0.01 ? `< 1${THIN}%` : `${this.fixed(share * 100, 0)}${THIN}%`;
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

  /** Time at the site, with its day where that is not the day of `todayMs`, or nobody knows. */
  timeOn(ms: number, todayMs: number | undefined): string {
    const isToday = todayMs !== undefined && this.#day.format(ms) === this.#day.format(todayMs);
    return isToday && Math.abs(todayMs - ms) < DAY_MS * 2 ? this.time(ms) : this.moment(ms);
  }

  /** Short name of the site's zone, such as KST or GMT+9. */
  zone(ms: number): string {
    return this.#zone.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? this.timeZone;
  }

  /** A length of time as on a button: 30 s, 5 min, 8 h, 30 d, 1 y. */
  window(ms: number): string {
    const { text } = this;
    const written = (unitMs: number) => this.#lengths.format(ms / unitMs);
    if (ms >= YEAR_MS) return text.years(written(YEAR_MS));
    if (ms > DAY_MS) return text.days(written(DAY_MS));
    if (ms >= HOUR_MS) return text.hours(written(HOUR_MS));
    if (ms >= MINUTE_MS) return text.minutes(written(MINUTE_MS));
    return text.seconds(written(1000));
  }

  /** A tick of a time axis, on which one is `stepMs` from the next: no more than it takes to tell them apart. */
  axisTime(ms: number, stepMs: number): string {
    if (stepMs >= YEAR_MS) return this.#local(ms).slice(0, 4);
    if (stepMs >= MONTH_MS) return this.#month.format(ms);
    const clock = this.#local(ms).slice(11);
    if (stepMs >= DAY_MS || (stepMs >= MINUTE_MS && clock.startsWith('00:00:00'))) return this.#day.format(ms);
    if (stepMs >= MINUTE_MS) return clock.slice(0, 5);
    return clock.slice(0, stepMs >= 1000 ? 8 : 12);
  }

  /** Day and time at the site, exact and in one order in every language: 2026-11-21 14:03:22.125. */
  exact(ms: number | undefined): string {
    return ms === undefined ? NO_FIGURE : this.#local(ms);
  }

  /** The same in UTC. */
  exactUtc(ms: number | undefined): string {
    return ms === undefined ? NO_FIGURE : iso(ms);
  }

  #local(ms: number): string {
    return iso(this.zoneTime.toLocalMs(ms));
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
    const written = value < 1000 && !Number.isInteger(value) ? this.#lengths.format(value) : this.fixed(scaled, digits);
    return `${written}${suffix === '' ? '' : THIN}${suffix}`;
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

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString().slice(0, 23).replace('T', ' ');
}

function signed(text: string): string {
  return text.replace('-', MINUS);
}
