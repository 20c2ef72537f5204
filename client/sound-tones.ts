import type { AlarmPriority } from '../server/wire/alarms.ts';

/** A beep: when it begins within its tone, s, how high, Hz, and how long, s. */
interface Beep {
  readonly atS: number;
  readonly hz: number;
  readonly lengthS: number;
}

/** What is heard at once, and how often again while nobody acknowledges. */
export interface Tone {
  readonly beeps: readonly Beep[];
  /** Of full scale. */
  readonly gain: number;
  readonly everyMs: number;
}

const beeps = (count: number, hz: number, lengthS: number): Beep[] =>
  Array.from({ length: count }, (_, i) => ({ atS: i * lengthS * 1.6, hz, lengthS }));

/** The more urgent, the higher, the more beeps, and the sooner again. */
export const TONES: Readonly<Record<AlarmPriority, Tone>> = {
  critical: { beeps: beeps(4, 988, 0.12), gain: 0.5, everyMs: 3000 },
  high: { beeps: beeps(3, 784, 0.16), gain: 0.4, everyMs: 6000 },
  medium: { beeps: beeps(2, 587, 0.2), gain: 0.3, everyMs: 12_000 },
  low: { beeps: beeps(1, 440, 0.3), gain: 0.25, everyMs: 30_000 },
};

/** Many at once: one tone that rises, in place of one for each. */
export const BURST: Omit<Tone, 'everyMs'> = {
  beeps: [523, 659, 784, 1047, 1319].map((hz, i) => ({ atS: i * 0.11, hz, lengthS: 0.1 })),
  gain: 0.45,
};

// Of a fundamental; what is pure is hard to place in a room.
const HARMONICS = [1, 0.35, 0.15];
const EDGE_S = 0.012;

/** Plays a tone now. What plays already goes on. */
export function playTone(context: AudioContext, { beeps, gain }: Omit<Tone, 'everyMs'>): void {
  for (const { atS, hz, lengthS } of beeps) {
    const from = context.currentTime + atS;
    const level = context.createGain();
    level.gain.setValueAtTime(0, from);
    level.gain.linearRampToValueAtTime(gain, from + EDGE_S);
    level.gain.setValueAtTime(gain, from + lengthS - EDGE_S);
    level.gain.linearRampToValueAtTime(0, from + lengthS);
    level.connect(context.destination);
    for (const [i, share] of HARMONICS.entries()) {
      const part = context.createGain();
      part.gain.value = share / HARMONICS.length;
      part.connect(level);
      const oscillator = context.createOscillator();
      oscillator.frequency.value = hz * (i + 1);
      oscillator.connect(part);
      oscillator.start(from);
      oscillator.stop(from + lengthS);
    }
  }
}
