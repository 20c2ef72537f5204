import type { CaptureSettings } from '../config.ts';
import type { CaptureCause } from '../wire/captures.ts';
import type { Recent } from './capture-link.ts';

/** Recordings under way at a time. */
export const ACTIVE_LIMIT = 32;
/** Recordings on the disk. */
export const RECORDING_LIMIT = 10_000;
const HOUR_MS = 3_600_000;

export interface CaptureWish {
  readonly channel: string;
  readonly cause: CaptureCause['kind'];
  /** What it takes at most. */
  readonly bytes: number;
  readonly nowMs: number;
}

/** What recordings may take: of a channel and cause in an hour, and of the disk in all. */
export class CaptureBudget {
  readonly #settings: CaptureSettings;
  readonly #recent = new Map<string, Made[]>(); // the oldest first; never more than an hour's budget
  readonly #active = new Map<string, number>(); // bytes set aside
  #bytes = 0;
  #recordings = 0;

  constructor(settings: CaptureSettings) {
    this.#settings = settings;
  }

  /** Recordings under way. */
  get active(): number {
    return this.#active.size;
  }

  /** What is on the disk, and what of it is of the last hour. */
  setStored(stored: { bytes: number; recordings: number; recent?: readonly Recent[] }): void {
    this.#bytes = stored.bytes;
    this.#recordings = stored.recordings;
    for (const recent of stored.recent ?? []) this.#note({ ...recent, nowMs: recent.createdMs });
  }

  /** Why it would be too much, in words; undefined where it is not. */
  refusal({ channel, cause, bytes, nowMs }: CaptureWish): string | undefined {
    const { per_hour: perHour, bytes_per_hour: bytesPerHour, keep_bytes: keepBytes } = this.#settings;
    const made = this.#recent.get(keyOf(channel, cause)) ?? [];
    const lastHour = made.filter(({ ms }) => nowMs - ms < HOUR_MS);
    if (lastHour.length >= perHour)
      return `${lastHour.length} recordings of this channel for this cause in the last hour, allowed are ${perHour}`;
    const lastBytes = lastHour.reduce((sum, it) => sum + it.bytes, 0);
    if (lastBytes + bytes > bytesPerHour)
      return `it takes ${bytes} bytes, those of this channel for this cause in the last hour ${lastBytes}, allowed are ${bytesPerHour}`;
    if (this.active >= ACTIVE_LIMIT) return `${this.active} recordings are under way, allowed are ${ACTIVE_LIMIT}`;
    if (this.#recordings + this.active >= RECORDING_LIMIT)
      return `there are ${this.#recordings} recordings, allowed are ${RECORDING_LIMIT}`;

    const aside = [...this.#active.values()].reduce((sum, it) => sum + it, 0);
    const free = keepBytes - this.#bytes - aside;
    return bytes <= free
      ? undefined
      : `it takes ${bytes} bytes, of the ${keepBytes} for recordings ${Math.max(0, free)} are free`;
  }

  begin(id: string, wish: CaptureWish): void {
    this.#active.set(id, wish.bytes);
    this.#note(wish);
  }

  end(id: string): void {
    this.#active.delete(id);
  }

  #note({ channel, cause, bytes, nowMs: ms }: CaptureWish): void {
    const key = keyOf(channel, cause);
    const made = [...(this.#recent.get(key) ?? []), { ms, bytes }].sort((a, b) => a.ms - b.ms);
    this.#recent.set(key, made.slice(-this.#settings.per_hour));
  }
}

interface Made {
  readonly ms: number;
  readonly bytes: number;
}

function keyOf(channel: string, cause: string): string {
  return `${cause} ${channel}`;
}
