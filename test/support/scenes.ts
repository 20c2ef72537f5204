import type { SystemReply } from '../../server/wire/rest.ts';
import { DEFINITIONS, fewAlarms, floodAlarms, manyAlarms, oneAlarm, wordyAlarms } from './alarm-scenes.ts';
import { DIAGNOSED } from './diagnosed-scene.ts';
import type { Scene, ScriptedChannel } from './scripted-hub.ts';
import type { Signal } from './signals.ts';

const PLACES = ['Etch 1 · view A', 'Etch 1 · view B', 'Etch 2 · view A', 'Etch 2 · view B'];
const SIGNALS: readonly Signal[] = ['calm', 'arcs', 'calm', 'flicker'];

/** Every state the dashboard can be looked at in. */
export const SCENES = {
  empty: { channels: [] },
  normal: { channels: channels(8) },
  /** Alarms are defined, and none is there. */
  defined: { channels: channels(8), alarms: { definitions: DEFINITIONS, alarms: [] } },
  one: { channels: channels(1) },
  many: { channels: channels(32) },
  /** One alarm, and nothing else. */
  alarm: { channels: channels(8), alarms: oneAlarm() },
  /** One of every state, shelved, suppressed and out of service ones too. */
  alarms: { channels: channels(8), alarms: fewAlarms(names(8)) },
  /** The same in long words, of channels with long names. */
  wordy: {
    site: { name: '제2공장 건식 식각 4구역', timeZone: 'Asia/Seoul' },
    channels: channels(8).map((channel, i) => ({
      ...channel,
      label: `제2공장 건식 식각 4구역 ${i + 1}번 챔버 상부 관측창 광전자증배관 전류`,
    })),
    alarms: wordyAlarms(names(8)),
  },
  flood: { channels: channels(200), alarms: floodAlarms(names(200), 200) },
  /** Ten thousand. */
  deluge: { channels: channels(8), alarms: manyAlarms(10_000) },
  /** A month of history. */
  aged: { channels: channels(8), pastMs: 30 * 86_400_000 },
  /** Of no channel is it known what is normal. */
  unjudged: { channels: channels(64).map((channel) => ({ ...channel, normal: undefined })) },
  abnormal: {
    channels: [
      ...channels(4),
      { name: 'high', label: 'Etch 3 · view A', signal: 'high' },
      { name: 'gap', label: 'Dep 3 · PMT', signal: 'gap', gaps: 2 },
      { name: 'silent', label: 'Ash 1 · PMT', silentForMs: 20_000 },
      { name: 'unready', label: 'Source · ref', signal: 'unready' },
      { name: 'below', label: 'Dep 1 · PMT', signal: 'negative' },
    ],
  },
  quiet: { channels: channels(8).map((channel) => ({ ...channel, silentForMs: 20_000 })) },
  /** Says that it has few rows a second, so that little room is made for them. */
  brief: { channels: [{ name: 'brief', label: 'Etch 1 · view A', signal: 'arcs', rateHz: 10, window: 10 }] },
  crowd: { channels: [...channels(20), { name: 'high', label: 'Ash 3 · PMT', signal: 'high' }] },
  extreme: {
    channels: [
      { name: 'tiny', label: 'Dark current of the reference', unit: 'A', normal: undefined, times: 2e-11 },
      { name: 'huge', label: 'Pressure of the gas supply', unit: 'Pa', normal: undefined, times: 1e10 },
      { name: 'below', label: 'Pressure below any', unit: 'Pa', normal: undefined, signal: 'negative', times: 1.7e16 },
      { name: 'most', label: 'The largest number', unit: 'V', normal: undefined, signal: 'negative', times: 1.5e308 },
      { name: 'bare', label: 'No unit at all', unit: '', normal: undefined, times: 1e12 },
      { name: 'nan', label: 'Not always a number', nonfinite: 3 },
    ],
  },
  connecting: { channels: [], isMute: true },
  diagnosed: DIAGNOSED,
  long: {
    site: { name: '제2공장 건식 식각 4구역', timeZone: 'Asia/Seoul' },
    channels: [
      { name: 'l1', label: 'Reactive ion etch chamber 12, upper view port, photomultiplier behind 656 nm filter' },
      { name: 'l2', label: '제2공장 건식 식각 4구역 3번 챔버 상부 관측창 광전자증배관 전류' },
      { name: 'l3', label: '<img src=x onerror=alert(1)>', unit: 'µW/cm²·sr' },
      { name: 'hidden', label: 'Flow\u202e 2 \u200bgas\n', unit: '\u2066sccm\u2069', description: '\u202eturned' },
      { name: 'unseen', label: '\u200b\u3164 ', unit: 'V' },
      { name: 'A-long.machine_name-without-any-space-in-it.0123456789.abcdefghij', unit: '', normal: undefined },
    ],
  },
} as const satisfies Record<string, Omit<Scene, 'system'>>;

export type SceneName = keyof typeof SCENES;

/** A scene with a system reply that fits it. */
export function scene(name: SceneName): Scene {
  const { channels: list, ...rest } = SCENES[name] as Scene;
  return { ...rest, channels: list, system: systemOf(list) };
}

function names(count: number): string[] {
  return channels(count).map(({ name }) => name);
}

function channels(count: number): ScriptedChannel[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `pmt-${i + 1}`,
    label: PLACES[i] ?? `Etch ${Math.floor(i / 2) + 1} · view ${'AB'[i % 2]}`,
    signal: SIGNALS[i % SIGNALS.length],
  }));
}

function systemOf(list: readonly ScriptedChannel[]): SystemReply {
  const received = 81_234_567_890;
  return {
    version: '0.0.0',
    serverMs: 0,
    startedMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    node: 'v20.19.0',
    access: { sessions: 0, crowdedOut: 0, wrongSecrets: 0, guessesRefused: 0 },
    alarms: {
      ...{ watched: 48, refused: 0, standing: 2, unacknowledged: 1, recentlyAnnunciated: 3 },
      ...{
        annunciated: { critical: 0, high: 1, medium: 5, low: 40 },
        isFlood: false,
        ...{ remembered: 46, crowdedOut: 0 },
        periodsRead: 0,
        periodsRefused: 0,
      },
      tables: { reading: 0, readsRefused: 0, readsCut: 0 },
      hidden: { 'out-of-service': 0, 'suppressed-by-design': 0, shelved: 1 },
      ...{ waitingActions: 0, capturesFailed: 0 },
      journal: { written: 1204, waiting: 0, lost: 0, bytes: 16_777_216, damaged: 0 },
      outputs: { destinations: [], unstored: 0, bytes: 0, damaged: 0 },
    },
    process: { rssBytes: 312_000_000, heapBytes: 48_000_000, cpu: 0.31, loopDelayP99Ms: 2.4 },
    log: { lost: 0, waitingBytes: 0 },
    ingest: {
      address: '127.0.0.1:9750',
      connections: list.length,
      samplesPerSecond: list.length * 1e7,
      bytesPerSecond: list.length * 2e7,
      cpu: 0.18,
      held: 0,
      waiting: 0,
      waits: 0,
      roomBytes: 0,
      guessesRefused: 0,
      withheld: 0,
      sentAgain: 0,
      errors: { FRAME_MALFORMED: 2 },
    },
    hub: {
      viewers: 3,
      framesPerSecond: 75,
      bytesPerSecond: 231_000,
      coarsened: 0,
      cutOff: 1,
      refused: 0,
      bufferedBytes: 46_000_000,
      latencyMs: { p50: 21.4, p99: 43.9 },
    },
    diagnosis: {
      models: [],
      channels: [],
      outcomes: { class: 0, unknown: 0, incomplete: 0, unavailable: 0, dropped: 0 },
      waiting: 0,
      batches: 0,
      batchMs: { p50: 0, p99: 0 },
      latencyMs: { p50: 0, p99: 0 },
      threads: { isActive: false, hasSpare: false, started: 0, cut: 0 },
    },
    recording: {
      rings: list.map(({ name }) => ({ channel: name, bytes: 64 << 20, seconds: 3.4 })),
      active: 0,
      inFlightBytes: 0,
      begun: 3,
      refused: 0,
      shortened: 0,
      reading: 0,
      readsRefused: 0,
      readsCut: 0,
      bytes: 812_000_000,
      limitBytes: 20e9,
      damaged: 0,
      held: 0,
      expired: 0,
      madeRoom: 0,
      forgotten: 0,
      lacksRoom: false,
    },
    // As devices connected, which is not how channels are shown.
    ledger: list.toReversed().map(({ name, gaps = 0, silentForMs }) => ({
      channel: name,
      stream: 'a1b2c3',
      live: silentForMs === undefined,
      received,
      reduced: received - 1234,
      pending: 1234,
      expected: received + gaps * 1_234_567,
      missing: gaps * 1_234_567,
      gaps,
      duplicate: 0,
      late: 0,
      discardedBytes: 0,
      offBy: 0,
      clipped: 3,
      nonfinite: 0,
      windows: 1_624_691,
      deviceLost: 0,
      sequenceJumps: 0,
      reanchored: 0,
      stepsRefused: 0,
      connections: 1,
      streams: 1,
      gapRanges: Array.from({ length: gaps }, (_, i) => ({
        stream: 'a1b2c3',
        from: 1_000_000 * (i + 1),
        to: 1_000_000 * (i + 1) + 1_234_567,
        timeMs: Date.UTC(2026, 0, 2, 4, 5, i),
      })),
      clockSteps: [],
      imbalances: [],
    })),
    history: {
      state: 'working',
      storedRows: 1_624_691,
      rowsPerSecond: 1600.4,
      pendingRows: 80,
      pendingBytes: 7680,
      givenUpRows: 0,
      holeWindows: 0,
      duplicateRows: 0,
      damagedFiles: 0,
      damagedRows: 0,
      damagedUncounted: 0,
      rememberedEntries: 0,
      forgottenEntries: 0,
      quarantine: { cases: 0, bytes: 0, removed: 0 },
      commits: 20_000,
      failedCommits: 0,
      lastCommitMs: Date.UTC(2026, 0, 2, 4, 6),
      commitP50Ms: 5.2,
      commitP99Ms: 14.8,
      sealedBytes: 212e6,
      openBytes: 71e6,
      diagnoses: { stored: 16_000, waiting: 12, givenUp: 0, duplicates: 0, sealedBytes: 2e6 },
      tiers: Array.from({ length: 8 }, (_, tier) => ({
        rowMs: 5 * 10 ** tier,
        keepDays: [30, 180, 732][tier] ?? 3660,
        keepBytes: [200e9, 40e9, 20e9][tier] ?? 10e9,
        sealedBytes: 190e6 / 10 ** tier,
        pinnedBytes: 19e6 / 10 ** tier,
        dayBytes: 432e6 / 10 ** tier,
        isMeasured: true,
      })),
      queries: { running: 0, waiting: 0, answered: 12, refused: 0, late: 0, abandoned: 0, p50Ms: 8.1, p99Ms: 31.4 },
    },
    windows: { made: 1_624_691, taken: 1_624_691, waiting: 0, dropped: 0, imbalances: [] },
  };
}
