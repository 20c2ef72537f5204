import type { ChannelSettings } from '../config.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { RawRing } from '../trend/raw-ring.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { indexAt, positionOf } from './raw-place.ts';

export type TriggerSettings = NonNullable<ChannelSettings['capture']>;

/** The sample that passed a limit, in the channel's unit. */
export interface Crossing {
  readonly index: number;
  readonly value: number;
  readonly limit: number;
}

/**
 * Watches one channel's windows for raw samples beyond its limits.
 *
 * It triggers where that begins: not again before a whole window was inside,
 * and not within the hold-off.
 */
export class Threshold {
  readonly settings: TriggerSettings;
  #isBeyond = false;
  #heldUntilNs: bigint | undefined;
  #stream = '';

  constructor(settings: TriggerSettings) {
    this.settings = settings;
  }

  /** Whether a trigger lies in this window. */
  check(window: TrendWindow): boolean {
    const { above = Infinity, below = -Infinity, hold_off_seconds: holdOff } = this.settings;
    const { min, max } = window.summary;
    const wasBeyond = this.#isBeyond && this.#stream === window.stream;
    this.#isBeyond = max > above || min < below;
    this.#stream = window.stream;
    if (!this.#isBeyond || wasBeyond) return false;

    const isHeld = this.#heldUntilNs !== undefined && window.timeNs < this.#heldUntilNs;
    const clockWentBack = isHeld && window.timeNs < (this.#heldUntilNs as bigint) - toNs(holdOff);
    if (isHeld && !clockWentBack) return false;
    this.#heldUntilNs = window.timeNs + toNs(holdOff);
    return true;
  }
}

/** Finds the first sample of `window` in the ring that is beyond a limit; undefined where it is not there any more. */
export function findCrossing(
  ring: RawRing,
  window: TrendWindow,
  { above = Infinity, below = -Infinity }: TriggerSettings,
): Crossing | undefined {
  const { scale, offset } = ring.form;
  const from = window.index * window.size;
  const to = from + window.size;
  let position = positionOf(ring, from);
  while (position < ring.end) {
    const index = indexAt(ring, position);
    if (index >= to) return undefined;
    const samples = samplesOf(ring, position, to - index);
    for (let i = 0; i < samples.length; i++) {
      const value = (samples[i] as number) * scale + offset;
      if (!(value > above || value < below) || !Number.isFinite(value)) continue; // windows leave those out, too
      const found = indexAt(ring, position + i);
      return found < to ? { index: found, value, limit: value > above ? above : below } : undefined;
    }
    position += samples.length;
  }
  return undefined;
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

function toNs(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}
