import type { ChannelSettings } from '../config.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { FreshSamples, RawRing } from '../trend/raw-ring.ts';
import { indexAt, timeOfIndex } from './raw-place.ts';

export type TriggerSettings = NonNullable<ChannelSettings['capture']>;

/** The sample that passed a limit, in the channel's unit. */
export interface Crossing {
  readonly index: number;
  readonly value: number;
  readonly limit: number;
}

/**
 * Watches one channel's samples for those beyond its limits.
 *
 * It triggers where that begins: not again before as many samples as a window
 * has were inside, and not within the hold-off.
 */
export class Threshold {
  readonly settings: TriggerSettings;
  #last = Number.NEGATIVE_INFINITY; // index of the newest sample beyond
  #heldUntilNs: bigint | undefined;
  #stream = '';

  constructor(settings: TriggerSettings) {
    this.settings = settings;
  }

  /** The triggers among samples that have just come, at a cost in proportion to them. */
  look(ring: RawRing, { position, samples, min, max }: FreshSamples): Crossing[] {
    const { above = Infinity, below = -Infinity } = this.settings;
    const { scale, offset } = ring.form;
    const ends = [min * scale + offset, max * scale + offset];
    if (Math.max(...ends) <= above && Math.min(...ends) >= below) return [];

    if (this.#stream !== ring.info.stream) this.#last = Number.NEGATIVE_INFINITY;
    this.#stream = ring.info.stream;
    const counts = samplesOf(ring, position, samples);
    const first = indexAt(ring, position);
    const inUnit = (i: number) => (counts[i] as number) * scale + offset;
    const isBeyond = (i: number) => {
      const value = inUnit(i);
      return (value > above || value < below) && Number.isFinite(value); // windows leave those out, too
    };
    const next = (from: number) => {
      let i = from;
      while (i < counts.length && !isBeyond(i)) i++;
      return i;
    };

    const { window } = ring.info;
    const crossings: Crossing[] = [];
    for (let i = next(0); i < counts.length; ) {
      const index = first + i;
      const value = inUnit(i);
      if (index - this.#last > window && this.#mayTrigger(timeOfIndex(ring, index))) {
        crossings.push({ index, value, limit: value > above ? above : below });
      }
      let last = Math.min(i + window, counts.length - 1); // from behind: of a signal that stays beyond, few are looked at
      while (last > i && !isBeyond(last)) last--;
      this.#last = first + last;
      i = last > i ? last : next(i + window + 1);
    }
    return crossings;
  }

  #mayTrigger(timeNs: bigint): boolean {
    const holdOffNs = BigInt(Math.round(this.settings.hold_off_seconds * 1e9));
    const heldUntilNs = this.#heldUntilNs;
    const isHeld = heldUntilNs !== undefined && timeNs < heldUntilNs;
    const clockWentBack = isHeld && timeNs < heldUntilNs - holdOffNs;
    if (isHeld && !clockWentBack) return false;
    this.#heldUntilNs = timeNs + holdOffNs;
    return true;
  }
}

function samplesOf(ring: RawRing, position: number, samples: number) {
  const bytes = ring.read(position, samples);
  const { type } = DATATYPES.get(ring.info.datatype)!;
  return new ARRAYS[type](bytes.buffer, bytes.byteOffset, bytes.length / ring.sampleBytes);
}

const ARRAYS = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
