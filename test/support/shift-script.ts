import { seededRandom } from './seeded-random.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Definitions of alarms as people write them: every way in which an alarm comes to be, waits, stays and is hidden. */
export const SHIFT_DEFINITIONS = {
  'high-high': {
    ...{ channels: ['etch-*'], priority: 'critical', latch: true },
    condition: { kind: 'limit', figure: 'max', above: 1 },
  },
  high: {
    ...{ channels: ['etch-*'], priority: 'high', onDelaySeconds: 2, offDelaySeconds: 3 },
    ...{ suppress: { parent: 'high-high', whileOff: true } },
    condition: { kind: 'limit', figure: 'mean', above: 0.5, deadband: 0.05 },
  },
  flicker: {
    ...{ channels: ['etch-*'], priority: 'medium' },
    condition: { kind: 'limit', figure: 'deviation', above: 0.1 },
  },
  drift: {
    ...{ channels: ['etch-*'], priority: 'low', autoAcknowledgeReturns: true },
    condition: { kind: 'rate', above: 0.01, overSeconds: 5 },
  },
  clipped: {
    ...{ channels: ['etch-*'], priority: 'low' },
    condition: { kind: 'clipped', samples: 10, ofLast: { n: 3, m: 5 } },
  },
  arcing: {
    ...{ channels: ['etch-*'], priority: 'critical' },
    condition: { kind: 'diagnosis', labels: ['micro-arcing'], confidence: 0.9, ofLast: { n: 2, m: 3 } },
  },
  silent: { channels: ['etch-*'], priority: 'medium', suppress: { whileOff: true }, condition: { kind: 'stale' } },
  lost: {
    ...{ channels: ['etch-*'], priority: 'low' },
    condition: { kind: 'missing', samples: 1000, overSeconds: 10 },
  },
  hall: { channels: ['hall'], priority: 'low', condition: { kind: 'limit', figure: 'mean', above: 0.5 } },
} as const;

export const CHANNELS = Array.from({ length: 12 }, (_, i) => `etch-${i + 1}`);
/** One that latches, one that chatters; alarms that stand and are shelved, taken out of service, and unshelved by hand. */
const [LATCHES, CHATTERS, SHELVED, SERVICED, UNSHELVED] = ['etch-1', 'etch-2', 'etch-5', 'etch-7', 'etch-8'] as const;
const OTHERS = CHANNELS.filter((channel) => channel !== LATCHES && channel !== SHELVED); // nothing else happens to those

const TROUBLES = ['level', 'peak', 'flicker', 'drift', 'clipped', 'arcing', 'silent', 'off', 'lost'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Something is wrong with a channel. Times are ms since the shift's script began. */
export interface Episode {
  readonly channel: string;
  readonly trouble: Trouble;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What somebody does at a time, whatever the alarms are. */
export type PlannedAction = { readonly atMs: number; readonly tags: readonly string[]; readonly comment?: string } & (
  | { readonly action: 'unshelve' | 'in-service' | 'out-of-service' | 'comment' | 'acknowledge' | 'reset' }
  | { readonly action: 'shelve'; readonly until: { readonly seconds: number } | 'end-of-shift' }
);

export interface ShiftScript {
  readonly episodes: readonly Episode[];
  readonly actions: readonly PlannedAction[];
  /** After so long the server is stopped and started again. */
  readonly restartMs: number;
  /** How long people take to acknowledge what was just annunciated, ms: at once, late, or never. */
  takesMs(): number | undefined;
}

export const SCRIPT_MS = 30 * MINUTE_MS;
/** The plant's shift changes amid the script. */
export const SHIFT_CHANGE_MS = 15 * MINUTE_MS;

/**
 * Thirty minutes of a plant, the same for a seed: quiet with single alarms,
 * one that chatters and is shelved, some that are hidden in every way there is,
 * a flood over the change of shift that ends, and a burst at the end that does not.
 */
export function shiftScript(seed: number): ShiftScript {
  const random = seededRandom(seed);
  const between = (from: number, to: number) => from + random() * (to - from);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const episodes: Episode[] = [];
  const add = (trouble: Trouble, channel: string, fromMs: number, seconds: number) =>
    episodes.push({ trouble, channel, fromMs, toMs: fromMs + seconds * SECOND_MS });

  for (let atMs = between(5, 60) * SECOND_MS; atMs < 12 * MINUTE_MS; atMs += between(40, 140) * SECOND_MS) {
    add(pick(TROUBLES), pick(OTHERS), atMs, between(1, 90));
  }
  for (let atMs = 3 * MINUTE_MS; atMs < 6.5 * MINUTE_MS; atMs += 10 * SECOND_MS) {
    add('flicker', CHATTERS, atMs, between(3, 7));
  }
  add('peak', LATCHES, MINUTE_MS, 20);
  add('level', SHELVED, 4 * MINUTE_MS, 18 * 60);
  add('level', SERVICED, 6 * MINUTE_MS, 7 * 60);
  add('level', UNSHELVED, 7 * MINUTE_MS, 5 * 60);
  for (let atMs = 12.5 * MINUTE_MS; atMs < 15.5 * MINUTE_MS; atMs += between(2, 11) * SECOND_MS) {
    add(pick(TROUBLES), pick(OTHERS), atMs, between(20, 150));
  }
  add(pick(TROUBLES), pick(OTHERS), between(19, 25) * MINUTE_MS, 20);
  for (const channel of CHANNELS) add('flicker', channel, 29 * MINUTE_MS, between(20, 300));

  const latched = `high-high:${LATCHES}`;
  const serviced = Object.keys(SHIFT_DEFINITIONS)
    .filter((id) => id !== 'hall')
    .map((id) => `${id}:${SERVICED}`);
  const shelve = (tag: string, atMs: number, until: { seconds: number } | 'end-of-shift'): PlannedAction => {
    return { atMs, tags: [tag], action: 'shelve', until, comment: '=SUM(A1:A9) "noise",\nand more' };
  };
  return {
    episodes,
    actions: [
      { atMs: 65 * SECOND_MS, tags: [latched], action: 'reset' }, // before it is acknowledged
      { atMs: 70 * SECOND_MS, tags: [latched], action: 'acknowledge' },
      { atMs: 2.5 * MINUTE_MS, tags: [latched], action: 'reset' },
      shelve(`flicker:${CHATTERS}`, 3.8 * MINUTE_MS, { seconds: 120 }),
      shelve(`high:${SHELVED}`, 5 * MINUTE_MS, 'end-of-shift'),
      { atMs: 5.5 * MINUTE_MS, tags: serviced, action: 'out-of-service', comment: '장치 교체 중' },
      shelve(`high:${UNSHELVED}`, 7.5 * MINUTE_MS, { seconds: 3600 }),
      { atMs: 9 * MINUTE_MS, tags: [`high:${UNSHELVED}`], action: 'unshelve' },
      { atMs: 11 * MINUTE_MS, tags: serviced, action: 'in-service' },
      { atMs: 18 * MINUTE_MS, tags: [`high:${SHELVED}`], action: 'comment', comment: '<script>alert(1)</script>' },
    ],
    restartMs: Math.floor(between(19, 24) * 60) * SECOND_MS,
    takesMs: () => {
      const kind = random();
      if (kind < 0.25) return undefined;
      return (kind < 0.7 ? between(2, 40) : between(120, 540)) * SECOND_MS;
    },
  };
}
