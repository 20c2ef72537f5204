import type { SystemReply } from '../../server/wire/rest.ts';
import type { Figure } from '../components/fen-figures.ts';
import { type Locale, THIN } from '../locale/locale.ts';
import type { LifeState } from '../store/life-store.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How late things are, from the last raw sample of a window on, and what this page's own line came to. */
export function latencyFigures({ hub, process }: SystemReply, life: LifeState, locale: Locale): Figure[] {
  const { text } = locale;
  return [
    [`${text.sampleToSent} p50`, tenths(hub.latencyMs.p50, locale)],
    [`${text.sampleToSent} p99`, tenths(hub.latencyMs.p99, locale)],
    [text.sampleToScreen, locale.delay(life.latencyMs)],
    [text.loopDelay, tenths(process.loopDelayP99Ms, locale)],
    [text.reconnects, locale.count(life.reconnects)],
    [text.malformed, locale.count(life.malformed)],
  ];
}

export function ingestFigures({ ingest, windows }: SystemReply, locale: Locale): Figure[] {
  const { text } = locale;
  const errors = Object.entries(ingest.errors).filter(([, count]) => count > 0);
  return [
    [text.devices, locale.count(ingest.connections)],
    [text.samplesPerSecond, locale.large(ingest.samplesPerSecond, 'S/s')],
    [text.bytesIn, `${locale.bytes(ingest.bytesPerSecond)}/s`],
    [text.ingestCpu, locale.percent(ingest.cpu)],
    [text.droppedWindows, locale.count(windows.dropped)],
    [text.errors, errors.map(([code, count]) => `${code} ${locale.count(count)}`).join(', ') || text.none],
  ];
}

export function historyFigures({ history, serverMs }: SystemReply, locale: Locale): Figure[] {
  const { text } = locale;
  const { state, queries } = history;
  const ageMs = history.lastCommitMs === 0 ? undefined : Math.max(0, serverMs - history.lastCommitMs);
  return [
    [text.historyState, { working: text.historyWorking, failing: text.historyFailing, off: text.historyOff }[state]],
    [text.historySealed, locale.bytes(history.sealedBytes)],
    [text.historyOpen, locale.bytes(history.openBytes)],
    [text.windowsStored, `${locale.count(Math.round(history.rowsPerSecond))}/s`],
    [text.newestCommit, locale.delay(ageMs)],
    [text.commitTime, tenths(history.commitP99Ms, locale)],
    [text.historyPending, locale.count(history.pendingRows)],
    [text.queryTime, tenths(queries.p99Ms, locale)],
    [text.queriesRefused, locale.count(queries.refused + queries.late)],
  ];
}

/** The last raw samples of the channels, and the recordings made of them. */
export function recordingFigures({ recording }: SystemReply, locale: Locale): Figure[] {
  const { text } = locale;
  const { rings, bytes, limitBytes } = recording;
  const shortestMs = 1000 * Math.min(...rings.map(({ seconds }) => seconds));
  return [
    [text.rings, locale.bytes(rings.reduce((sum, ring) => sum + ring.bytes, 0))],
    [text.ringTime, shortestMs < MINUTE_MS ? locale.window(shortestMs) : locale.span(shortestMs)],
    [text.recordingNow, locale.count(recording.active)],
    [text.recordingBegun, locale.count(recording.begun)],
    [text.recordingShortened, locale.count(recording.shortened)],
    [text.recordingRefused, locale.count(recording.refused)],
    [text.recordingDamaged, locale.count(recording.damaged)],
    [text.recordingBytes, `${locale.bytes(bytes)} ${text.of} ${locale.bytes(limitBytes)}`],
  ];
}

export function alarmFigures({ alarms }: SystemReply, locale: Locale): Figure[] {
  const { text } = locale;
  const { watched, standing, unacknowledged, hidden, recentlyAnnunciated, journal, outputs } = alarms;
  return [
    [text.alarmsStanding, text.ofWatched(locale.count(standing), locale.count(watched))],
    [text.alarmsUnacknowledged, locale.count(unacknowledged)],
    [text.alarmsHidden, locale.count(Object.values(hidden).reduce((sum, count) => sum + count, 0))],
    [text.alarmsRecent, locale.count(recentlyAnnunciated)],
    [text.alarmJournalBytes, locale.bytes(journal.bytes)],
    [text.alarmJournalWaiting, `${locale.count(journal.waiting)}, ${locale.count(journal.lost + journal.damaged)}`],
    ...outputs.destinations.map(({ kind, name, waiting, delivered }): Figure => {
      const figures = text.alarmOutput(locale.count(waiting), locale.count(delivered));
      return [kind === name ? name : `${kind} ${name}`, figures];
    }),
  ];
}

/** How long each tier of the history is kept, the finest first, as rows of cells. */
export function retentionRows({ history }: SystemReply, locale: Locale): string[][] {
  return history.tiers.map(({ rowMs, keepDays, keepBytes, sealedBytes, pinnedBytes, dayBytes }) => [
    rowLength(rowMs, locale),
    locale.window(keepDays * DAY_MS),
    locale.bytes(keepBytes),
    locale.bytes(sealedBytes),
    locale.bytes(pinnedBytes),
    locale.bytes(dayBytes),
    locale.bytes(Math.min(keepBytes, dayBytes * keepDays)),
  ]);
}

/** What stands over the cells of `retentionRows`. */
export function retentionColumns({ text }: Locale): string[] {
  return [
    text.retentionRow,
    text.retentionDays,
    text.retentionBytes,
    text.retentionSealed,
    text.retentionPinned,
    text.retentionDay,
    text.retentionAll,
  ];
}

/** Why history or captures do not do what they should, a sentence each. */
export function storageProblems({ history, recording, alarms }: SystemReply, locale: Locale): string[] {
  const { text } = locale;
  const told = [
    [text.historyTitle, history.problem],
    [text.historyTitle, history.clockDoubt],
    [text.captures, recording.problem],
    [text.alarms, alarms.journal.problem],
    [text.alarms, alarms.outputs.problem],
  ] as const;
  const pinned = history.tiers.flatMap(({ rowMs, keepBytes, pinnedBytes }) =>
    pinnedBytes > keepBytes
      ? [text.retentionExcess(rowLength(rowMs, locale), locale.bytes(pinnedBytes), locale.bytes(keepBytes))]
      : [],
  );
  const failing = alarms.outputs.destinations.filter(({ isFailing }) => isFailing);
  const unheard = failing.map(({ kind, name, problem = '' }) => text.alarmOutputFails(`${kind} ${name}`, problem));
  return [...told.flatMap(([of, words]) => (words === undefined ? [] : [`${of}: ${words}`])), ...unheard, ...pinned];
}

/** What the history has lost, and what of it may come back, in words. */
export function historyLosses({ history }: SystemReply, locale: Locale): string {
  const { text } = locale;
  const { state, givenUpRows, holeWindows, damagedFiles, damagedRows, damagedUncounted } = history;
  const losses: string[] = [];
  if (state === 'off') losses.push(text.historyKeepsNothing);
  if (givenUpRows > 0) losses.push(text.historyGivenUp(locale.count(givenUpRows)));
  if (holeWindows > 0) losses.push(text.historyHoles(locale.count(holeWindows)));
  if (damagedFiles > 0) {
    const [files, rows, uncounted] = [damagedFiles, damagedRows, damagedUncounted].map((it) => locale.count(it));
    losses.push(text.historyDamaged(files!, rows!, uncounted!));
  }
  return losses.length === 0 ? text.historyWhole : losses.join(' ');
}

export function hubFigures({ hub }: SystemReply, locale: Locale): Figure[] {
  const { text } = locale;
  return [
    [text.viewers, locale.count(hub.viewers)],
    [text.framesOut, `${locale.count(hub.framesPerSecond)}/s`],
    [text.bytesOut, `${locale.bytes(hub.bytesPerSecond)}/s`],
    [text.buffered, locale.bytes(hub.bufferedBytes)],
    [text.coarsened, locale.count(hub.coarsened)],
    [text.cutOff, locale.count(hub.cutOff)],
    [text.refused, locale.count(hub.refused)],
  ];
}

export function processFigures({ process, access, version, node, startedMs }: SystemReply, locale: Locale): Figure[] {
  const { text } = locale;
  return [
    [text.processCpu, locale.percent(process.cpu)],
    [text.memory, locale.bytes(process.rssBytes)],
    [text.heap, locale.bytes(process.heapBytes)],
    ...accessFigures(access, locale),
    [text.upSince, locale.moment(startedMs)],
    [text.version, `Fenestra ${version}`],
    ['Node', node],
  ];
}

// Only what there is: most servers have neither secret nor certificate, and a wall has little room.
function accessFigures(
  { sessions, wrongSecrets, guessesRefused, certificate }: SystemReply['access'],
  locale: Locale,
): Figure[] {
  const { text } = locale;
  const wrong = wrongSecrets + guessesRefused;
  const figures: Figure[] = [];
  if (sessions > 0) figures.push([text.operators, locale.count(sessions)]);
  if (wrong > 0) figures.push([text.wrongSecrets, locale.count(wrong)]);
  if (certificate) figures.push([text.certificateLeft, locale.window(Math.max(0, certificate.daysLeft) * DAY_MS)]);
  return figures;
}

function rowLength(ms: number, locale: Locale): string {
  return ms < 1000 ? locale.delay(ms) : locale.window(ms);
}

function tenths(ms: number, locale: Locale): string {
  return `${locale.fixed(ms, 1)}${THIN}ms`;
}
