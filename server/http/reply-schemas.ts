import { z } from 'zod';
import type { ChannelsReply, HistoryColumns, HistoryReply } from '../wire/history.ts';
import type { ModelsReply } from '../wire/models.ts';
import { CHANNEL_NAME } from '../wire/names.ts';
import type { DiagnosisReply, HealthReply, LedgerReply, Problem, SystemReply } from '../wire/rest.ts';
import { ALARM_REPLIES, alarmFigures } from './alarm-schemas.ts';
import { BOARD_REPLIES } from './board-schemas.ts';
import { CAPTURE_REPLIES } from './capture-schemas.ts';
import { diagnoses, diagnosisMix, fault, parity, parityReply, runDiagnosis } from './diagnosis-schemas.ts';
import { PUSH_REPLIES } from './push-schemas.ts';
import { access, session } from './session-schemas.ts';

// The shapes of `server/wire` as schemas: what the description of the API is
// made of, and what tests hold real answers to. The compiler compares the two.

const count = z.int().min(0);
const real = z.number();
const ms = z.number().describe('ms since 1970 UTC, with fractions');
const text = z.string();
const strings = z.array(text);

const problem = z
  .strictObject({
    code: text.describe('stable'),
    message: text.describe('what was found and what was expected; may change'),
    details: z.unknown().optional(),
  })
  .describe('every failed request') satisfies z.ZodType<Problem>;

const health = z.strictObject({
  ok: z.boolean(),
  problems: strings.describe('why the server cannot do its work; empty when it can'),
}) satisfies z.ZodType<HealthReply>;

const channels = z.strictObject({
  channels: z.array(
    z.strictObject({
      name: z.string().regex(CHANNEL_NAME),
      label: text,
      unit: text,
      rateHz: real.describe('of its newest stream'),
      window: count.describe('samples a window, of its newest stream'),
      firstMs: ms.optional().describe('where its history begins, if it has one; ms since 1970 UTC'),
      lastMs: ms.optional(),
    }),
  ),
}) satisfies z.ZodType<ChannelsReply>;

const column = z.array(z.number());
const figures = z.array(z.number().nullable());

const history = z.strictObject({
  channel: text,
  unit: text,
  fromMs: ms.describe('as asked'),
  toMs: ms,
  rowMs: real.describe('length of a row of the newest stream, ms'),
  span: count.describe('windows that a row merges: a power of ten times 1, 2 or 5'),
  rows: z
    .strictObject({
      time: column.describe('start of the row, ms since 1970 UTC'),
      length: column.describe('what it covers, ms'),
      min: figures.describe('exact; null where count is 0'),
      max: figures.describe('exact; null where count is 0'),
      mean: figures,
      deviation: figures.describe('population standard deviation; null where count is 0, and where it is beyond f64'),
      count: column.describe('finite samples'),
      clipped: column,
      nonfinite: column.describe('samples that are NaN or infinite'),
      flags: column.describe('bits: 1 over range, 2 sample loss, 4 invalid, 8 time not calibrated, 16 gap, 32 partial'),
      windows: column.describe('windows in the row'),
      broken: column.describe('1 where something is missing between this row and the next one'),
    })
    .describe('columns of one length, in the order of their times'),
}) satisfies z.ZodType<Omit<HistoryReply, 'rows'> & { rows: HistoryColumns<readonly (number | null)[]> }>;

const ledger = z.strictObject({
  channel: text,
  stream: text,
  live: z.boolean(),
  received: count,
  reduced: count,
  pending: count,
  expected: count,
  missing: count,
  gaps: count,
  duplicate: count,
  late: count,
  discardedBytes: count,
  offBy: real,
  clipped: count,
  nonfinite: count,
  windows: count,
  deviceLost: count,
  sequenceJumps: count,
  reanchored: count,
  stepsRefused: count,
  connections: count,
  streams: count,
  gapRanges: z.array(z.strictObject({ stream: text, from: count, to: count, timeMs: ms })),
  clockSteps: z.array(z.strictObject({ stream: text, from: count, timeMs: ms, stepMs: real })),
  imbalances: strings,
}) satisfies z.ZodType<LedgerReply>;

const quantiles = z.strictObject({ p50: real, p99: real });

const diagnosis = z.strictObject({
  models: z.array(
    z.strictObject({
      name: text,
      state: z.enum(['loading', 'ready', 'stopped', 'quarantined', 'unfit']),
      version: text.optional(),
      previousVersion: text.optional().describe('what a roll-back brings back'),
      cuts: count.describe('times its thread was ended because a batch was over its time box'),
      reason: text.optional().describe('why it is not used, or was cut off last'),
      parity: parity.optional().describe('what pages that diagnose by themselves had compared'),
    }),
  ),
  channels: z.array(
    z.strictObject({
      channel: text,
      model: text,
      outcome: z
        .enum(['none', 'class', 'unknown', 'incomplete', 'unavailable', 'dropped'])
        .describe('of its newest run'),
      label: text.optional(),
      reason: text.optional(),
      ageMs: ms.optional().describe('since its newest run was answered'),
    }),
  ),
  outcomes: z.strictObject({ class: count, unknown: count, incomplete: count, unavailable: count, dropped: count }),
  waiting: count.describe('runs that wait to be looked at'),
  batches: count,
  batchMs: quantiles,
  latencyMs: quantiles.describe('from the arrival of the last sample to the diagnosis'),
  threads: z.strictObject({ isActive: z.boolean(), hasSpare: z.boolean(), started: count, cut: count }),
  problem: text.optional(),
}) satisfies z.ZodType<DiagnosisReply>;

const models = z.strictObject({
  models: z
    .array(
      z.strictObject({
        name: text,
        state: z.enum(['loading', 'ready', 'stopped', 'quarantined', 'unfit', 'unused']),
        reason: text.optional().describe('why it is not used, or was cut off last'),
        fault,
        cuts: count,
        channels: strings.describe('those that ask for it'),
        version: text.optional().describe('the one in use, else that of its folder'),
        sha256: text.optional().describe('of its graph'),
        learner: text.optional(),
        data: z.strictObject({ source: text, sha256: text, runs: count }).optional().describe('what it was trained on'),
        metrics: z.record(text, real).optional().describe('on runs that it was not trained on'),
        previousVersion: text.optional().describe('what a roll-back brings back'),
        parity: parity.optional().describe('what pages that diagnose by themselves had compared'),
        folders: z
          .array(z.strictObject({ folder: text, version: text }))
          .describe('what it can be swapped for: folders of the models’ directory'),
      }),
    )
    .describe('those that channels ask for, then the others of the models’ directory'),
  inference: diagnosis.omit({ models: true, channels: true }),
}) satisfies z.ZodType<ModelsReply>;

const system = z.strictObject({
  version: text,
  serverMs: ms,
  startedMs: ms,
  node: text,
  process: z.strictObject({ rssBytes: count, heapBytes: count, cpu: real, loopDelayP99Ms: real }),
  log: z.strictObject({ lost: count, waitingBytes: count }),
  ingest: z.strictObject({
    address: text,
    connections: count,
    samplesPerSecond: real,
    bytesPerSecond: real,
    cpu: real,
    held: count,
    waiting: count,
    waits: count,
    roomBytes: count,
    guessesRefused: count,
    withheld: count,
    sentAgain: count,
    errors: z.record(text, count),
  }),
  hub: z.strictObject({
    viewers: count,
    framesPerSecond: real,
    bytesPerSecond: real,
    coarsened: count,
    cutOff: count,
    refused: count,
    bufferedBytes: count,
    latencyMs: quantiles,
  }),
  history: z.strictObject({
    state: z.enum(['working', 'failing', 'off']),
    storedRows: count,
    rowsPerSecond: real,
    pendingRows: count,
    pendingBytes: count,
    givenUpRows: count,
    holeWindows: count,
    duplicateRows: count,
    damagedFiles: count,
    damagedRows: count.describe('rows that are known to be gone'),
    damagedUncounted: count.describe('damaged files of which nobody can tell how many rows are gone'),
    quarantine: z.strictObject({
      cases: count.describe('damages whose files lie there'),
      bytes: count,
      removed: count.describe('those that had to go for newer ones'),
    }),
    rememberedEntries: count.describe('files and streams of the catalogue that are remembered for queries'),
    forgottenEntries: count.describe('those that were forgotten for lack of room'),
    commits: count,
    failedCommits: count,
    lastCommitMs: ms,
    commitP50Ms: real,
    commitP99Ms: real,
    sealedBytes: count,
    openBytes: count,
    diagnoses: z.strictObject({ stored: count, waiting: count, givenUp: count, duplicates: count, sealedBytes: count }),
    tiers: z.array(
      z.strictObject({
        rowMs: real,
        keepDays: real,
        keepBytes: count.describe('of what no capture refers to'),
        sealedBytes: count,
        pinnedBytes: count.describe('of the sealed files that a capture refers to: never removed, beside keepBytes'),
        dayBytes: real.describe('of a channel of 200 windows a second'),
        isMeasured: z.boolean().describe('whether that is what rows have taken so far'),
      }),
    ),
    clockDoubt: z.string().optional(),
    problem: z.string().optional(),
    queries: z.strictObject({
      running: count,
      waiting: count,
      answered: count,
      refused: count,
      late: count,
      abandoned: count,
      p50Ms: real,
      p99Ms: real,
    }),
  }),
  ledger: z.array(ledger),
  windows: z.strictObject({ made: count, taken: count, waiting: count, dropped: count, imbalances: strings }),
  recording: z.strictObject({
    rings: z.array(z.strictObject({ channel: text, bytes: count, seconds: real })),
    active: count,
    inFlightBytes: count,
    begun: count,
    refused: count,
    shortened: count,
    held: count.describe('recordings that wait for whoever began them to confirm or release them'),
    expired: count.describe('those that nobody did either of in time'),
    reading: count,
    readsRefused: count,
    readsCut: count,
    bytes: count,
    limitBytes: count,
    madeRoom: count.describe('recordings removed to make room for others'),
    forgotten: count.describe('refused and failed recordings that are not on the list any more'),
    lacksRoom: z.boolean().describe('a threshold, an alarm or a diagnosis is not recorded for lack of room'),
    damaged: count.describe('recordings that are not served because they are not as they were recorded'),
    problem: text.optional(),
  }),
  diagnosis,
  alarms: alarmFigures,
  access,
}) satisfies z.ZodType<SystemReply>;

/** Every JSON body that the API answers with, by its name in the description. */
export const REPLIES = {
  Problem: problem,
  HealthReply: health,
  ChannelsReply: channels,
  HistoryReply: history,
  DiagnosesReply: diagnoses,
  RunDiagnosisReply: runDiagnosis,
  DiagnosisMixReply: diagnosisMix,
  ...CAPTURE_REPLIES,
  ModelsReply: models,
  ...ALARM_REPLIES,
  ...BOARD_REPLIES,
  ...PUSH_REPLIES,
  ParityReply: parityReply,
  SessionReply: session,
  SystemReply: system,
} as const;
