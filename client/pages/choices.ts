import { DIAGONALS, DISTANCES } from '../../server/wire/boards.ts';
import { WINDOWS_MS } from '../components/time-window.ts';
import { LANGUAGES, type Language } from '../locale/texts.ts';
import type { Viewing } from './viewing.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const SCALES = ['auto', 'desk', 'wall'] as const;
export type Scale = (typeof SCALES)[number];

export const DIAGNOSIS_PLACES = ['server', 'here'] as const;
export type DiagnosisPlace = (typeof DIAGNOSIS_PLACES)[number];

/** What one reader chose for one screen; how it is looked at counts where it is a wall. */
export interface Choices extends Viewing {
  readonly language: Language;
  readonly theme: Theme;
  readonly scale: Scale;
  /** How much time the trends show, one of `WINDOWS_MS`. */
  readonly windowMs: number;
  /** Until then alarms are seen and not heard, ms since 1970 UTC by this browser's clock; 0 where they are heard. */
  readonly mutedUntilMs: number;
  /** Whether single keys act. */
  readonly hasKeys: boolean;
  /** Where the diagnoses are made that are shown. */
  readonly diagnosis: DiagnosisPlace;
}

/** Names in an address's query that hold choices. */
export const CHOICE_KEYS: readonly string[] = [
  'language',
  'theme',
  'scale',
  'window',
  'diagonal',
  'distance',
  'diagnosis',
];

const UNIT_MS = { s: 1000, m: 60_000 } as const;

/** Reads choices from whatever was stored. What has no meaning is left out. */
export function readChoices(found: unknown): Partial<Choices> {
  if (typeof found !== 'object' || found === null) return {};
  const { language, theme, scale, windowMs, mutedUntilMs, hasKeys, diagonal, distance, diagnosis } = found as Record<
    string,
    unknown
  >;
  return {
    ...one('language', LANGUAGES, language),
    ...one('theme', THEMES, theme),
    ...one('scale', SCALES, scale),
    ...one('windowMs', WINDOWS_MS, windowMs),
    ...within('mutedUntilMs', [0, Number.MAX_SAFE_INTEGER], mutedUntilMs),
    ...one('hasKeys', [true, false], hasKeys),
    ...one('diagnosis', DIAGNOSIS_PLACES, diagnosis),
    ...within('diagonal', DIAGONALS, diagonal),
    ...within('distance', DISTANCES, distance),
  };
}

/** Reads choices from an address's query: `?scale=wall&diagonal=65&distance=5&theme=dark&language=ko&window=10m&diagnosis=here`. */
export function readAddress(query: string): Partial<Choices> {
  const { language, theme, scale, window, diagonal, distance, diagnosis } = Object.fromEntries(
    new URLSearchParams(query),
  );
  return readChoices({
    language,
    theme,
    scale,
    windowMs: readWindow(window),
    diagnosis,
    diagonal: readDecimal(diagonal),
    distance: readDecimal(distance),
  });
}

/** A length of time in ms: written `30s`, `10m`, or as seconds alone. */
function readWindow(written = ''): number | undefined {
  const [, count, unit = 's'] = /^(\d{1,4})([sm])?$/.exec(written) ?? [];
  return count === undefined ? undefined : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

function readDecimal(written = ''): number | undefined {
  return /^\d+(\.\d+)?$/.test(written) ? Number(written) : undefined;
}

function one<T>(key: string, all: readonly T[], found: unknown): Record<string, T> {
  const value = all.find((each) => each === found);
  return value === undefined ? {} : { [key]: value };
}

function within(key: string, [least, most]: readonly [number, number], found: unknown): Record<string, number> {
  return typeof found === 'number' && found >= least && found <= most ? { [key]: found } : {};
}
