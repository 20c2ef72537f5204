const QUARTER_MS = 900_000;
// Offsets remembered; a chart asks for the same few again and again.
const KEPT = 500;

/** The clocks of a time zone. */
export class ZoneTime {
  readonly timeZone: string;
  readonly #parts: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(timeZone: string) {
    this.timeZone = timeZone;
    const digits = '2-digit' as const;
    this.#parts = new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
  }

  /** How far the clocks are ahead of UTC, ms. They change at quarters of an hour only. */
  offsetMs(timeMs: number): number {
    const quarterMs = Math.floor(timeMs / QUARTER_MS) * QUARTER_MS;
    let offsetMs = this.#offsets.get(quarterMs);
    if (offsetMs === undefined) {
      offsetMs = this.#read(quarterMs) - quarterMs;
      if (this.#offsets.size >= KEPT) this.#offsets.clear();
      this.#offsets.set(quarterMs, offsetMs);
    }
    return offsetMs;
  }

  /** What the clocks show, as the UTC time at which clocks of UTC show the same. */
  toLocalMs(timeMs: number): number {
    return timeMs + this.offsetMs(timeMs);
  }

  /** The time at which the clocks show that. Of the two in an hour that comes twice, either. */
  toTimeMs(localMs: number): number {
    return localMs - this.offsetMs(localMs - this.offsetMs(localMs));
  }

  #read(timeMs: number): number {
    const parts = Object.fromEntries(this.#parts.formatToParts(timeMs).map(({ type, value }) => [type, value]));
    const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
    const [month, day] = [Number(parts.month) - 1, Number(parts.day)];
    return Date.UTC(year, month, day, Number(parts.hour), Number(parts.minute), Number(parts.second));
  }
}

const MOMENT =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+|$))?(?:(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?)? *(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads a moment as people write it: `2026-11-21 14:03:22.5`, `14:03` (today,
 * by `nowMs`), `2026-11-21`, or ISO 8601 with a zone. Without one, the clocks
 * of `zone` are meant. Undefined where it is none.
 */
export function readMoment(text: string, zone: ZoneTime, nowMs: number): number | undefined {
  const [, year, month, day, hour, minute, second, offset] = MOMENT.exec(text.trim()) ?? [];
  if (year === undefined && hour === undefined) return undefined;
  const isUtc = offset !== undefined;
  const today = new Date(isUtc ? nowMs : zone.toLocalMs(nowMs));
  const date =
    year === undefined ? [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()] : [+year, +month - 1, +day];
  const seconds = Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0);
  const midnight = new Date(Date.UTC(date[0], date[1], date[2]));
  const isReal = midnight.getUTCMonth() === date[1] && Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60;
  if (!isReal || Number(second ?? 0) >= 60) return undefined;
  const writtenMs = midnight.getTime() + seconds * 1000;
  return isUtc ? writtenMs - offsetOf(offset) : zone.toTimeMs(writtenMs);
}

/** Of `Z`, `UTC` or `+09:00`. */
function offsetOf(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
