import type { CaptureSettings } from '../config.ts';
import type { CaptureCause } from '../wire/captures.ts';
import type { Recent, StoreFill } from './capture-link.ts';

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

/**
 * What recordings may take: of a channel and cause in an hour, and of the disk
 * in all. Those that no person asked for count as room there: whoever writes
 * the next one removes the oldest of them first.
 */
export class CaptureBudget {
  readonly #settings: CaptureSettings;
  readonly #recent = new Map<string, Made[]>(); // the oldest first; never more than an hour's budget
  readonly #active = new Map<string, Active>();
  #fill: StoreFill = { bytes: 0, recordings: 0, spareBytes: 0, spareRecordings: 0 };
  #lackedBytes = 0; // what was refused last for lack of room, and not begun since

  constructor(settings: CaptureSettings) {
    this.#settings = settings;
  }

  /** Recordings under way. */
  get active(): number {
    return this.#active.size;
  }

  /** Whether what nobody watches over could not be recorded, and still could not. */
  get lacksRoom(): boolean {
    return this.#lackedBytes > 0 && this.#lackOf(this.#lackedBytes) !== undefined;
  }

  /** What is on the disk, and what of it is of the last hour. */
  setStored({ fill, recent = [] }: { fill: StoreFill; recent?: readonly Recent[] }): void {
    this.#fill = fill;
    for (const it of recent) this.#note({ ...it, nowMs: it.createdMs });
  }

  /** Why it would be too much, in words; undefined where it is not. */
  refusal({ channel, cause, bytes, nowMs }: CaptureWish): string | undefined {
    const { per_hour: perHour, bytes_per_hour: bytesPerHour } = this.#settings;
    const made = this.#recent.get(keyOf(channel, cause)) ?? [];
    const lastHour = made.filter(({ ms }) => nowMs - ms < HOUR_MS);
    if (lastHour.length >= perHour)
      return `${lastHour.length} recordings of this channel for this cause in the last hour, allowed are ${perHour}`;
    const lastBytes = lastHour.reduce((sum, it) => sum + it.bytes, 0);
    if (lastBytes + bytes > bytesPerHour)
      return `it takes ${bytes} bytes, those of this channel for this cause in the last hour ${lastBytes}, allowed are ${bytesPerHour}`;
    if (this.active >= ACTIVE_LIMIT) return `${this.active} recordings are under way, allowed are ${ACTIVE_LIMIT}`;
    const lack = this.#lackOf(bytes);
    if (lack !== undefined && cause !== 'person') this.#lackedBytes = bytes;
    return lack;
  }

  begin(id: string, wish: CaptureWish): void {
    if (wish.cause !== 'person') this.#lackedBytes = 0;
    this.#active.set(id, { bytes: wish.bytes, key: keyOf(wish.channel, wish.cause), made: this.#note(wish) });
  }

  /** One under way is thrown away, as if it had never been asked for: the hour has room for another. */
  giveBack(id: string): void {
    const { key, made } = this.#active.get(id)!;
    this.#recent.set(
      key,
      this.#recent.get(key)!.filter((it) => it !== made),
    );
  }

  end(id: string): void {
    this.#active.delete(id);
  }

  #lackOf(bytes: number): string | undefined {
    const { bytes: stored, recordings, spareBytes, spareRecordings } = this.#fill;
    const kept = recordings - spareRecordings;
    if (kept + this.active >= RECORDING_LIMIT)
      return `${kept} recordings that people asked for are there, allowed are ${RECORDING_LIMIT} in all`;

    const { keep_bytes: keepBytes } = this.#settings;
    const aside = [...this.#active.values()].reduce((sum, it) => sum + it.bytes, 0);
    const free = keepBytes - (stored - spareBytes) - aside;
    return bytes <= free
      ? undefined
      : `it takes ${bytes} bytes, of the ${keepBytes} for recordings ${Math.max(0, free)} are free or taken by what no person asked for`;
  }

  #note({ channel, cause, bytes, nowMs: ms }: CaptureWish): Made {
    const key = keyOf(channel, cause);
    const made = { ms, bytes };
    const all = [...(this.#recent.get(key) ?? []), made].sort((a, b) => a.ms - b.ms);
    this.#recent.set(key, all.slice(-this.#settings.per_hour));
    return made;
  }
}

interface Made {
  readonly ms: number;
  readonly bytes: number;
}

interface Active {
  /** Set aside. */
  readonly bytes: number;
  readonly key: string;
  readonly made: Made;
}

function keyOf(channel: string, cause: string): string {
  return `${cause} ${channel}`;
}
